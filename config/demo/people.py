"""Who may sign in at the demonstration, and the authenticator app that its staff would have."""

import base64
import time
from typing import Final

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.utils.crypto import salted_hmac

from accounts import second_step
from accounts.models import User

_RIGHTS: Final = {"ada": {}, "bo": {}, "cho": {"is_staff": True, "is_superuser": True}}
_STEP_SECONDS: Final = 30


def invite() -> None:
    """Make Ada, Bo and, as staff, Cho. Who is there already stays as he is."""
    for name, rights in _RIGHTS.items():
        email = f"{name}@example.com"
        if not User.objects.filter(email=email).exists():
            User.objects.create_user(email, None, name=name.title(), **rights)
    cho = User.objects.get(email="cho@example.com")
    if not second_step.has_one(cho):
        TOTP.activate(cho, _secret())


def present_code() -> str:
    """What Cho's authenticator app shows now, as long as it is the one that `invite` gave out."""
    return str(format_hotp_value(hotp_value(_secret(), int(time.time()) // _STEP_SECONDS)))


def _secret() -> str:
    """Made of this demonstration's secret key, which no other shop has."""
    return base64.b32encode(salted_hmac("config.demo.people", "cho").digest()).decode()
