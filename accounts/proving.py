"""An address that was proved is the identity: one user per address, made when it is first proved."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import signed_in
from accounts.models import SignedIn, User


@transaction.atomic
def prove(email: str) -> User:
    """This will find or make the user of an address whose mailbox was just shown to be his.

    The first time, whoever came in by this address before without having shown that is signed out everywhere.
    """
    user, _ = User.objects.get_or_create(email=email, defaults={"password": make_password(None)})
    address, is_new = EmailAddress.objects.get_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    if not is_new:
        is_new = bool(EmailAddress.objects.filter(pk=address.pk, verified=False).update(verified=True))
    if is_new:
        sign_out_everywhere(user)
    user.refresh_from_db()
    return user


def sign_out_everywhere(user: User, *, but: str = "") -> None:
    """This will end every session of a user; the one with the key `but` is left to be signed anew. Nobody has
    a password here: what stands in its place is a random text, which each session is signed with.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])
    signed_in.end(SignedIn.objects.of(user).exclude(session_key=but))
