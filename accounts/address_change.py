"""A user is known by another address from now on, once a code that was mailed there proves it to be his.

Asking looks nothing up, so that nobody learns whether an address is somebody's; who has typed the code owns
the mailbox, and may be told.
"""

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts import mailing, proving
from accounts.models import FormerAddress, SignInCode, User


class Taken(Exception):
    """The address is another user's. Nothing changed."""


@transaction.atomic
def carry_out(user: User, wish: SignInCode, *, language: str, session_key: str, at: datetime) -> bool:
    """This will give a user the address whose code was just used, and return whether that is news.

    His purchases and what is not mailed yet move along, both addresses are told, and his sessions end, all
    but this one, which the caller signs anew.

    :raises Taken: nothing changed.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    was = user.email
    if was == wish.email:
        return False
    try:
        with transaction.atomic():
            user.email = wish.email
            user.save(update_fields=["email"])
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as error:
        raise Taken from error
    FormerAddress.objects.create(user=user, address=was, until=at)
    get_adapter().address_changed(user, was=was, at=at)
    proving.sign_out_everywhere(user, but=session_key)
    for to, is_old in ((was, "yes"), (user.email, "")):
        mailing.put(
            cause=f"address-changed-{'old' if is_old else 'new'}:{wish.nonce}",
            template="address-changed",
            to=to,
            language=language,
            context={"is_old": is_old, "masked": _masked(user.email)},
        )
    return True


def _masked(email: str) -> str:
    """Who had the mailbox before need not learn where its owner went."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
