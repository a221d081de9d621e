"""Guards of addresses and what was mailed to them, to be taken away; see `taking_away`."""

from django.core import signing
from django.db.models import F

from accounts import proving
from accounts.models import User
from billing.models import Order
from billing.receipts import mailed_links
from tests.saboteurs.taking_away import instead


def _correct_any(order: Order, email: str) -> bool:
    return bool(
        Order.objects.filter(pk=order.pk).update(email=email, email_corrections=F("email_corrections") + 1)
    )


def _find_of_any_mail(token: str) -> Order | None:
    reference = signing.Signer(salt="billing.receipts", sep=".").unsign(token).partition("-")[0]
    return Order.objects.filter(reference=reference).first()


def _end_no_session(user: User, *, but: str = "") -> None:
    """Leaves the text that sessions are signed with as it is."""


any_address_is_corrected = instead(Order, "correct_email", _correct_any)
links_of_old_mails_open = instead(mailed_links, "order_of", _find_of_any_mail)
sessions_outlive_the_address = instead(proving, "sign_out_everywhere", _end_no_session)
