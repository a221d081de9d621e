"""The second step of staff, before the office opens: a code of an authenticator app, or a recovery code.

It belongs to a session and lasts twelve hours. The library of one's own needs no second step.
"""

import time
from datetime import timedelta
from typing import Final

from allauth.account.authentication import get_authentication_records
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import signed_in
from accounts.models import User

LASTS: Final = timedelta(hours=12)


class AlreadySetUp(Exception):
    """Another session was a moment faster; its authenticator counts, and nothing changed here."""


def is_passed(request: HttpRequest) -> bool:
    """This will tell whether this session's user went through the second step in it lately."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    oldest = time.time() - LASTS.total_seconds()
    return any(
        # A passkey is added by who reads the mails, so it proves no more than a mail does.
        record.get("method") == "mfa"
        and record.get("type") != Authenticator.Type.WEBAUTHN
        and record.get("at", 0) > oldest
        for record in records
    )


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def set_up(request: HttpRequest, form: ActivateTOTPForm, user: User) -> list[str]:
    """This will make the app whose code was just shown the user's second step, pass it in this session, and
    return his recovery codes, which are not shown again.

    :raises AlreadySetUp: see there.
    """
    try:
        with transaction.atomic():
            authenticator = TOTP.activate(user, form.secret).instance
            codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    except IntegrityError as error:
        raise AlreadySetUp from error
    clear_totp_secret(request)
    post_authentication(request, authenticator)
    signed_in.rename_session(request)
    return codes


def new_recovery_codes(user: User) -> list[str]:
    """This will replace the user's recovery codes, used or not."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def take_away(user: User) -> bool:
    """This will forget a user's second step, so that he sets up a new one; returns whether he had one."""
    steps = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    deleted, _ = steps.delete()
    return bool(deleted)
