"""Whose an account elsewhere is. What a provider calls verified is proved as if a code had been typed; what
it does not is only where a code is sent to. Afterwards the id there counts, whatever becomes of the address.
"""

from typing import Final

from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts import mailing, proving
from accounts.models import SignInCode, User
from accounts.social import providers
from accounts.social.providers import Profile
from accounts.ways_in import MOST, TooMany, WayIn

_KEY: Final = "from_elsewhere"


class Taken(Exception):
    """That account elsewhere opens somebody else's account here. Nothing changed."""


def of(user: User) -> list[WayIn]:
    """This will list what opens a user's account from elsewhere, by each provider's name, oldest first."""
    rows = SocialAccount.objects.filter(user=user).order_by("pk")
    return [
        WayIn(str(row.pk), str(providers.label(row.provider) or row.provider), row.date_joined)
        for row in rows
    ]


def owner(profile: Profile, *, language: str) -> User | None:
    """This will tell whose account it opens: that of who has it already, else that of its verified address,
    which gets it for good. None where only a mailed code can tell.
    """
    if (known := _known(profile.provider, profile.uid)) is not None:
        return known
    if not _is_proved(profile):
        return None
    user = proving.prove(profile.email)
    if user.is_active:
        try:
            link(user, profile.provider, profile.uid, language=language)
        except Taken:  # in this moment, by another request
            return _known(profile.provider, profile.uid)
        except TooMany:
            return user
    return user


@transaction.atomic
def link(user: User, provider: str, uid: str, *, language: str) -> bool:
    """This will let an account elsewhere open this user's, mail him that, and return whether that is news.

    :raises Taken: see there.
    :raises TooMany: see there.
    """
    User.objects.select_for_update().get(pk=user.pk)
    row, is_new = SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": user})
    if row.user_id != user.pk:
        raise Taken
    if is_new and SocialAccount.objects.filter(user=user).count() > MOST:
        transaction.set_rollback(True)
        raise TooMany
    if is_new:
        _tell(row, language, is_added=True)
    return bool(is_new)


@transaction.atomic
def unlink(user: User, key: int, *, language: str) -> bool:
    """This will let it open the user's account no more, mail him that, and return whether it did. The mailed
    code always signs him in: there is no last way to lose.
    """
    row = SocialAccount.objects.select_for_update().filter(user=user, pk=key).first()
    if row is None:
        return False
    _tell(row, language, is_added=False)
    row.delete()
    return True


def wait_for_code(session: SessionBase, profile: Profile, wish: SignInCode) -> None:
    """This will keep in mind, in this browser, what the code of this one wish would link."""
    session[_KEY] = {"provider": profile.provider, "uid": profile.uid, "nonce": wish.nonce}


def waiting(session: SessionBase, wish: SignInCode | None) -> str:
    """This will name the provider that the code of this wish would link; "" for none."""
    kept = session.get(_KEY) or {}
    return str(kept["provider"]) if wish is not None and kept.get("nonce") == wish.nonce else ""


def ask_again(session: SessionBase, was: SignInCode | None, wish: SignInCode) -> None:
    """This will let a new code for the same address do what the one before would have; else forget it."""
    if waiting(session, was) and was is not None and was.email == wish.email:
        session[_KEY] |= {"nonce": wish.nonce}
        session.modified = True
    else:
        session.pop(_KEY, None)


def finish(session: SessionBase, wish: SignInCode, user: User, *, language: str) -> None:
    """This will link what waited for this code to the user that the code proved; nothing where it is
    another's, or another wish's.
    """
    provider, kept = waiting(session, wish), session.pop(_KEY, None)
    if provider and user.is_active:
        try:
            link(user, provider, kept["uid"], language=language)
        except (Taken, TooMany):
            return


def _is_proved(profile: Profile) -> bool:
    return bool(profile.email) and profile.is_verified


def _known(provider: str, uid: str) -> User | None:
    row = SocialAccount.objects.select_related("user").filter(provider=provider, uid=uid).first()
    return row.user if row is not None else None


def _tell(row: SocialAccount, language: str, *, is_added: bool) -> None:
    mailing.put(
        cause=f"way-in-{'added' if is_added else 'removed'}:{row.pk}",
        template="way-in",
        to=row.user.email,
        language=language,
        context={"is_added": "yes" if is_added else "", "provider": row.provider},
    )
