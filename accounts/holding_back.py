"""While somebody asks for codes to addresses by the thousand, strangers get no more than a few mails an hour.

A stranger is an address that is no user's and that we never wrote to for another reason: he owns nothing
here. It is looked at after the answer, by whoever sends, so that asking takes one way for every address.
"""

import logging
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet

from accounts.models import Mail, SignInCode, User

logger = logging.getLogger(__name__)

M = TypeVar("M", bound=Model)
_AN_HOUR: Final = timedelta(hours=1)
_AT_ONCE: Final = 1000
_WITH_A_CODE: Final = ("sign-in", "address-code")


def hold_back(*, at: datetime) -> int:
    """This will drop waiting mails to strangers above `SIGN_IN_STRANGERS_AN_HOUR`, and return how many."""
    held = 0
    while batch := _drop(at=at):
        held += batch
    if held:
        logger.warning("sign-in mails to strangers held back", extra={"mails": held})
    return held


@transaction.atomic
def _drop(*, at: datetime) -> int:
    waiting = Mail.objects.filter(template__in=_WITH_A_CODE, sent_at=None, claimed_until=None)
    mails = list(_strangers(waiting, "to").order_by("id").values_list("pk", "cause")[:_AT_ONCE])
    if not mails:
        return 0
    most = settings.SIGN_IN_STRANGERS_AN_HOUR
    nonces = {cause.removeprefix("sign-in:"): pk for pk, cause in mails}
    lately = SignInCode.objects.filter(asked_at__gt=at - _AN_HOUR, turn__isnull=False)
    before = _strangers(lately.exclude(nonce__in=nonces), "email").order_by()[:most].count()
    too_many = list(nonces)[max(0, most - before) :]
    dropped = Mail.objects.filter(pk__in=[nonces[nonce] for nonce in too_many], claimed_until=None).delete()[
        0
    ]
    SignInCode.objects.filter(nonce__in=too_many).update(turn=None)
    return dropped


def _strangers(rows: QuerySet[M], field: str) -> QuerySet[M]:
    others = Mail.objects.filter(to=OuterRef(field)).exclude(template__in=_WITH_A_CODE)
    return rows.exclude(Exists(User.objects.filter(email=OuterRef(field)))).exclude(Exists(others))
