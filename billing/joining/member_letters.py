"""Mails about a membership: it ends as its member wished, a renewal was not paid, it is over for that."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from billing import order_letters
from billing.models import CardOnFile, Membership, PriceMove, UnpaidRenewal


def confirm_end(membership: Membership) -> None:
    """This will confirm that it ends with its period: one mail a period, however often he presses."""
    until = membership.paid_until()
    if until is not None:
        _put("membership-left", membership, occasion=f"{until:%Y%m%d}", ends_at=until)


def ask_to_pay(membership: Membership, renewal: UnpaidRenewal, *, token: str) -> None:
    """This will queue the mail with the link that pays a renewal: one for each, however often it is noted."""
    with translation.override(membership.order.language):
        link = settings.SITE_URL + reverse("billing:renewal", args=[token])
    until = membership.opens_until()
    told = {"amount_text": renewal.amount_text, "pay_url": link}
    _put("membership-unpaid", membership, occasion=renewal.invoice_id, ends_at=until, **told)


def confirm_card(membership: Membership, *, number: int) -> None:
    """This will tell that another card is charged from now on: one mail a change."""
    card = CardOnFile.objects.filter(membership=membership).first()
    told = {"card_text": str(card) if card else ""}
    _put("membership-card", membership, occasion=f"{number}", ends_at=membership.paid_until(), **told)


def tell(membership: Membership, *, was: str) -> None:
    """This will queue the mail of the end, once, to who did not wish it and so does not know of it."""
    states = Membership.State
    if membership.state == states.ENDED and was == states.PAST_DUE and membership.end_wanted_at is None:
        _put("membership-ended", membership, occasion="end", ends_at=membership.ended_at)


def announce_trial_end(membership: Membership, *, at: datetime) -> None:
    """This will tell that free days end and what is charged then: one mail a period."""
    _put("membership-trial-ends", membership, occasion=f"{at:%Y%m%d}", ends_at=at, **_price(membership))


def announce_renewal(membership: Membership, *, at: datetime) -> None:
    """This will tell of a renewal ahead: one mail a period."""
    _put("membership-renews", membership, occasion=f"{at:%Y%m%d}", ends_at=at, **_price(membership))


def tell_new_price(move: PriceMove) -> None:
    """This will tell a member what he pays later, from when on, and how to leave: one mail a move."""
    prices = {"old_text": move.from_price.text, "amount_text": move.to_price.text}
    _put("membership-price", move.membership, occasion=f"{move.pk}", ends_at=move.not_before, **prices)


def _price(membership: Membership) -> dict[str, str]:
    price = membership.current_price
    return {"amount_text": price.text, "interval": str(price.offer.interval)}


def _put(
    template: str, membership: Membership, *, occasion: str, ends_at: datetime | None, **told: str
) -> None:
    order = membership.order
    with translation.override(order.language):  # the addresses too are of one language each
        context: dict[str, Any] = {
            "title": order.offer.target.title,
            "amount_text": order.price.text,
            "ends_at": ends_at.astimezone(ZoneInfo(order.time_zone)).isoformat() if ends_at else "",
            "order_url": settings.SITE_URL + order.get_absolute_url(),
            "page_url": settings.SITE_URL + order.offer.target.get_absolute_url(),
            **told,
        }
    order_letters.put(order, template, occasion=f"{template}:{occasion}", context=context)
