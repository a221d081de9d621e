"""Takes one guard of the mails and addresses away; see `guards`."""

from datetime import datetime
from typing import Any
from unittest import mock

from django.core import signing
from django.db.models import F

from accounts import proving
from accounts.models import User
from billing.models import Order
from billing.receipts import mailed_links
from tests.saboteurs.guards import Guard
from videos import rentals
from videos.models import Entitlement


def _instead(owner: object, name: str, replacement: Any) -> Guard:
    return lambda: mock.patch.object(owner, name, replacement)


def _tell_again(right: Entitlement, *, at: datetime) -> bool:
    return bool(Entitlement.objects.filter(pk=right.pk).update(end_told_at=at))


def _correct_any(order: Order, email: str) -> bool:
    return bool(
        Order.objects.filter(pk=order.pk).update(email=email, email_corrections=F("email_corrections") + 1)
    )


def _find_of_any_mail(token: str) -> Order | None:
    reference = signing.Signer(salt="billing.receipts", sep=".").unsign(token).partition("-")[0]
    return Order.objects.filter(reference=reference).first()


def _end_no_session(user: User, *, but: str = "") -> None:
    """Leaves the text that sessions are signed with as it is."""


ends_are_told_again = _instead(rentals, "tell_once", _tell_again)
any_address_is_corrected = _instead(Order, "correct_email", _correct_any)
links_of_old_mails_open = _instead(mailed_links, "order_of", _find_of_any_mail)
sessions_outlive_the_address = _instead(proving, "sign_out_everywhere", _end_no_session)
