"""What the checkout panel offers: each offer with a fresh quote, and whatever this browser has open
already.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.identity import Viewer
from billing import quotes, selling
from billing.models import Order, Selling
from videos import entitlements, money, shelves
from videos.models import Collection, Offer, Price, Video


@dataclass(frozen=True)
class Choice:
    """One offer as a radio card. `quote` is the signed price, made for this browser."""

    offer: Offer
    price: Price
    quote: str

    @property
    def price_text(self) -> str:
        return self.price.text


@dataclass(frozen=True)
class Panel:
    choices: list[Choice]
    currency: str
    currencies: list[str]
    undecided: Order | None
    is_yours: bool
    is_closed: bool


def lay_out(
    target: Video | Collection, viewer: Viewer, *, currency: str, language: str, at: datetime
) -> Panel:
    """This will make the panel for a viewer who has a visitor id.

    Each call signs fresh quotes; no order is made.
    """
    on_sale = shelves.on_sale(target)
    currencies = sorted({currency for each in on_sale for currency in each.prices})
    chosen = money.preferred_currency(language, currencies, currency) if currencies else ""
    choices = [
        Choice(each.offer, price, quotes.sign(price, visitor=viewer.visitor, at=at))
        for each in on_sale
        if (price := each.prices.get(chosen))
    ]
    return Panel(
        choices=choices,
        currency=chosen,
        currencies=currencies,
        undecided=_undecided(viewer, [each.offer for each in on_sale]),
        is_closed=selling.mode() != Selling.Mode.OPEN,
        is_yours=any(entitlements.owns(viewer, choice.offer, at=at) for choice in choices),
    )


def _undecided(viewer: Viewer, offers: list[Offer]) -> Order | None:
    """The order whose outcome this browser waits for, say after a reload in the bank's challenge."""
    return (
        Order.objects.filter(
            visitor=viewer.visitor,
            offer__in=offers,
            state=Order.State.OPEN,
            payments__state__in=["sent", "challenged"],
        )
        .distinct()
        .first()
    )
