"""How the library that signs people in (django-allauth) behaves here: silent, and without passwords."""

import base64
import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import signed_in
from accounts.models import User

_WRONG = _("That is not the app's present code. Wait for the next one, or use a recovery code.")
_TOO_MANY = _("Too many wrong codes. Try again in five minutes.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # the library has no types
    """Every way in ends in `login`: a code, a link, later another shop's word for who somebody is."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers: an address becomes a user when it is first proved."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        signed_in.note(request, user, at=timezone.now())

    def address_changed(self, user: User, *, was: str, at: datetime) -> None:
        """What else is known by the address moves along, in the same transaction."""

    def get_login_stages(self) -> list[str]:
        """A second step stands before the office, not before one's own films."""
        return [stage for stage in super().get_login_stages() if not stage.startswith("allauth.mfa.")]

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves; a message kept for later would be one more cookie."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """None of the library's pages that mail is open. Our mails go through the outbox."""
        raise NotImplementedError(template_prefix)


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the apps' secrets encrypted: who reads the database alone cannot make their codes."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _WRONG}

    def get_totp_issuer(self) -> str:
        return str(settings.SHOP_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For the shop's own host, whatever name a request came by."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": str(settings.SHOP_NAME)}

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> MultiFernet:
    """By the present secret key, and by those that were valid before it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"accounts.second_step:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
