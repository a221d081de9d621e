"""Passkeys, for who wants to sign in without a mail: added by who is signed in, listed, removed.

The ceremony is the library's (django-allauth over fido2). A passkey signs in alone, since its device asks for
a finger or a PIN; the office still wants its own second step.
"""

from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm, SignupWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.db import transaction

from accounts import mailing
from accounts.models import User
from accounts.ways_in import MOST, TooMany, WayIn

_LONGEST_NAME: Final = 60
# What the library lets through where an answer has another shape than a browser's.
_OF_ANOTHER_SHAPE: Final = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class NotGood(Exception):
    """The device's answer is not to our question, or of no passkey that we know. Nothing changed."""


def of(user: User) -> list[WayIn]:
    """This will list a user's passkeys, oldest first."""
    return [
        WayIn(_key(row), str(row.data.get("name", "")), row.created_at, row.last_used_at)
        for row in _rows(user).order_by("pk")
    ]


def begin_adding(user: User) -> dict[str, Any]:
    """This will ask the browser to make a passkey: what it needs to know, once for this session."""
    asked: dict[str, Any] = auth.begin_registration(user, passwordless=True)
    return asked


def add(user: User, *, given: Any, name: str, language: str) -> None:
    """This will keep the passkey that the browser made, and mail that to its owner.

    :raises NotGood: see there; so is the same answer again.
    :raises TooMany: see there.
    """
    form = SignupWebAuthnForm(given, user=user)
    if not _is_valid(form):
        raise NotGood
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if _rows(user).count() >= MOST:
            raise TooMany
        named = " ".join(name.split())[:_LONGEST_NAME]
        row = auth.WebAuthn.add(user, named, form.cleaned_data["credential"]).instance
        _tell(user, f"passkey-added:{row.pk}", named, language, is_added=True)


@transaction.atomic
def remove(user: User, key: str, *, language: str) -> bool:
    """This will forget one of the user's passkeys, mail him that, and return whether he had it."""
    for row in _rows(user):
        if _key(row) == key and _rows(user).filter(pk=row.pk).delete()[0]:
            _tell(user, f"passkey-removed:{row.pk}", str(row.data.get("name", "")), language, is_added=False)
            return True
    return False


def begin_signing_in() -> dict[str, Any]:
    """This will ask the browser for a passkey of this shop, whosever: nobody's are named."""
    asked: dict[str, Any] = auth.begin_authentication(user=None)
    return asked


def recognise(given: Any) -> Authenticator:
    """This will tell by which passkey a browser answered the question that this session was asked, once.

    :raises NotGood: see there.
    """
    form = LoginWebAuthnForm(given)
    if not _is_valid(form):
        raise NotGood
    found: Authenticator = form.cleaned_data["credential"]
    return found


def _is_valid(form: Any) -> bool:
    try:
        return bool(form.is_valid())
    except _OF_ANOTHER_SHAPE:
        return False


def _rows(user: User) -> Any:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)


def _key(row: Authenticator) -> str:
    return str(row.data.get("credential", {}).get("id", ""))


def _tell(user: User, cause: str, name: str, language: str, *, is_added: bool) -> None:
    mailing.put(
        cause=cause,
        template="passkey",
        to=user.email,
        language=language,
        context={"is_added": "yes" if is_added else "", "name": name},
    )
