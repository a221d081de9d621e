"""The way from a receipt's mail to the receipt, in whichever browser the mail is read.

The link opens papers and nothing else: not the film, not the order's page, and nothing can be changed
behind it. So it may be followed by a plain click, and by what looks into mails before their readers do. It is
good as long as the order is kept and its mail's address is not put right.
"""

from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from billing.models import Order

_SALT: Final = "billing.receipts"


def link_to(order: Order) -> str:
    """This will give the address of an order's receipt for its mail, in the buyer's language."""
    with translation.override(order.language):
        return settings.SITE_URL + reverse("billing:mailed_receipt", args=[token_of(order)])


def token_of(order: Order) -> str:
    """This will sign the order's reference for this use alone; the same order gives the same token, until its
    address is put right: whoever had the mail before must not read on.
    """
    times = order.email_corrections
    return _signer().sign(f"{order.reference}-{times}" if times else order.reference)


def order_of(token: str) -> Order | None:
    """This will find the paid order that a token was made for; None where it was not made by us."""
    try:
        reference, _dash, times = _signer().unsign(token).partition("-")
    except signing.BadSignature:
        return None
    orders = Order.objects.select_related("offer__video", "offer__collection")
    return orders.filter(reference=reference, email_corrections=int(times or 0)).first()


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT, sep=".")
