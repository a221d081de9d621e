"""What a membership's Stripe says is still to be paid, and the card it is charged to: kept as rows of ours.

Nothing here creates or confirms a payment.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from billing.joining import member_letters
from billing.models import CardOnFile, Membership, UnpaidRenewal
from billing.stripe import stripe_gateway, stripe_subscriptions
from billing.stripe.stripe_subscriptions import Card, Invoice, Subscription

_LINK_LIFE: Final = timedelta(days=30)


@dataclass(frozen=True)
class Wanting:
    """The invoices that wait for money, why each one's card was not charged, and those that do not wait."""

    invoices: Sequence[Invoice]
    decline_codes: dict[str, str]
    paid_ids: frozenset[str]
    card: Card | None


def ask(membership: Membership, subscription: Subscription, paid: Sequence[Invoice]) -> Wanting:
    """This will ask Stripe what is unpaid, where it says that something is.

    :raises StripeUnavailable: Stripe does not answer.
    """
    wanting: list[Invoice] = []
    if subscription.state == Membership.State.PAST_DUE and membership.end_wanted_at is None:
        listed = stripe_subscriptions.open_invoices(subscription.id)
        wanting = [each for each in listed if each.due_minor and each.intent_id]
    known = set(membership.unpaid_renewals.values_list("invoice_id", flat=True))
    codes = {each.id: _why(each) for each in wanting if each.id not in known}
    return Wanting(wanting, codes, frozenset(each.id for each in paid), subscription.face)


def _why(invoice: Invoice) -> str:
    """ "" where the bank only waits for the card's owner."""
    intent = stripe_gateway.retrieve(invoice.intent_id)
    return "" if intent.needs_challenge else intent.decline_code


def note(membership: Membership, wanting: Wanting, *, at: datetime) -> None:
    """This will keep what is unpaid, mail who has to pay it, and let go what is not to be paid any more.

    Call it with the membership's row locked and followed. Again: the same rows, and no second mail.
    """
    is_over = not membership.is_living or membership.end_wanted_at is not None
    wants = {} if is_over else {each.id: each for each in wanting.invoices}
    settled = set(membership.periods.filter(order__state="paid").values_list("invoice_id", flat=True))
    known = {each.invoice_id: each for each in membership.unpaid_renewals.all()}
    for invoice_id, renewal in known.items():
        if invoice_id in settled:
            renewal.become(UnpaidRenewal.State.PAID, at=at)
        elif invoice_id in wants:
            renewal.become(UnpaidRenewal.State.OPEN, at=at)
        elif invoice_id not in wanting.paid_ids:
            renewal.become(UnpaidRenewal.State.CLOSED, at=at)
    for invoice_id in wants.keys() - known.keys() - settled:
        _open(membership, wants[invoice_id], wanting.decline_codes.get(invoice_id, ""), at=at)
    _keep_card(membership, wanting.card)


def _open(membership: Membership, invoice: Invoice, decline_code: str, *, at: datetime) -> None:
    token = secrets.token_urlsafe(32)
    renewal = UnpaidRenewal.objects.create(
        membership=membership,
        invoice_id=invoice.id,
        intent_id=invoice.intent_id,
        amount_minor=invoice.due_minor,
        currency=invoice.currency,
        starts_at=invoice.starts_at,
        ends_at=invoice.ends_at,
        decline_code=decline_code,
        token_hash=hashed(token),
        link_until=at + _LINK_LIFE,
        noted_at=at,
    )
    member_letters.ask_to_pay(membership, renewal, token=token)


def _keep_card(membership: Membership, card: Card | None) -> None:
    """Its face, as long as something is charged to it and no longer."""
    if card is None or membership.state == Membership.State.ENDED:
        CardOnFile.objects.filter(membership=membership).delete()
        return
    face = {
        "payment_method_id": card.id,
        "brand": card.brand,
        "last4": card.last4,
        "expires_month": card.expires_month,
        "expires_year": card.expires_year,
    }
    CardOnFile.objects.update_or_create(membership=membership, defaults=face)


def hashed(token: str) -> str:
    """This will give what is kept of a mailed link."""
    return hashlib.sha256(token.encode()).hexdigest()
