"""What the checkout panel offers: each offer with a fresh quote, and whatever this browser has open
already.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.identity import Viewer
from billing.buying import quotes, selling
from billing.consenting import terms_table
from billing.consenting.terms import Terms
from billing.discounts import coupons, reductions
from billing.discounts.reductions import CouponRefused
from billing.joining import trials
from billing.models import Coupon, Order, Selling
from videos import entitlements, money, shelves
from videos.models import Collection, Offer, Price, Video


@dataclass(frozen=True)
class Choice:
    """One offer as a radio card. `quote` is the signed price, made for this browser.

    `terms` is what is said at the till about changing one's mind, None where nothing is.
    """

    offer: Offer
    price: Price
    quote: str
    discount_minor: int = 0
    terms: Terms | None = None
    trial_days: int = 0
    trial_ends_on: date | None = None

    @property
    def amount_minor(self) -> int:
        return self.price.amount_minor - self.discount_minor

    @property
    def card_mode(self) -> str:
        """What the card's fields are told that the card is for."""
        if self.trial_days:
            return "setup"
        return "subscription" if self.offer.is_membership else "payment"

    @property
    def button_text(self) -> str:
        """What the button says where it is more than a sum: what is charged today, and what later."""
        if not self.trial_days:
            return ""
        return ngettext(
            "Start %(days)s day free, then %(rate)s",
            "Start %(days)s days free, then %(rate)s",
            self.trial_days,
        ) % {"days": self.trial_days, "rate": self.rate_text}

    @property
    def amount_text(self) -> str:
        """What is to be paid."""
        return money.format_amount(self.amount_minor, self.price.currency)

    @property
    def rate_text(self) -> str:
        """The same, and how often where it renews."""
        if self.offer.interval == Offer.Interval.MONTH:
            return _("%(amount)s a month") % {"amount": self.amount_text}
        if self.offer.interval == Offer.Interval.YEAR:
            return _("%(amount)s a year") % {"amount": self.amount_text}
        return self.amount_text

    @property
    def discount_text(self) -> str:
        return money.format_amount(self.discount_minor, self.price.currency)


@dataclass(frozen=True)
class Applied:
    """The code that was asked for: what it took off is on the choices, or else the sentence says why not."""

    code: str = ""
    refusal: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.code) and not self.refusal


@dataclass(frozen=True)
class Panel:
    choices: list[Choice]
    currency: str
    currencies: list[str]
    undecided: Order | None
    is_yours: bool
    is_closed: bool
    coupon: Applied

    @property
    def has_form(self) -> bool:
        """Whether there is something to fill in."""
        return bool(self.choices) and not self.is_yours and (self.undecided is not None or not self.is_closed)

    @property
    def box(self) -> str:
        """What is to be ticked for the first choice that wants it; empty where no law asks for anything."""
        return next((each.terms.box for each in self.choices if each.terms and each.terms.box), "")


def lay_out(
    target: Video | Collection,
    viewer: Viewer,
    *,
    currency: str,
    language: str,
    at: datetime,
    time_zone: str = "",
    code: str = "",
    email: str = "",
) -> Panel:
    """This will make the panel for a viewer who has a visitor id, with the coupon of this code, if any.

    Each call signs fresh quotes; no order is made.
    """
    on_sale = shelves.on_sale(target)
    currencies = sorted({currency for each in on_sale for currency in each.prices})
    chosen = money.preferred_currency(language, currencies, currency) if currencies else ""
    prices = [price for each in on_sale if (price := each.prices.get(chosen))]
    who = coupons.Who(viewer.visitor, email)
    reduced, applied = _reduce(prices, code, who, about=f"{target._meta.model_name}:{target.pk}", at=at)
    trial_days = trials.days_for(viewer, [price.offer for price in prices])
    law = terms_table.law_at(time_zone=time_zone, currency=chosen, language=language)
    till = _Till(law, language, time_zone)
    return Panel(
        choices=[
            _choice(price, reduced.get(price.pk), trial_days.get(price.offer_id, 0), viewer, till, at=at)
            for price in prices
        ],
        currency=chosen,
        currencies=currencies,
        undecided=_undecided(viewer, [each.offer for each in on_sale]),
        is_closed=selling.mode() != Selling.Mode.OPEN,
        is_yours=entitlements.owns_any(viewer, (price.offer for price in prices), at=at),
        coupon=applied,
    )


Reduction = tuple[Coupon, int]


def _reduce(
    prices: list[Price], code: str, who: coupons.Who, *, about: str, at: datetime
) -> tuple[dict[int, Reduction], Applied]:
    """What the coupon takes off each price that it holds for, by the price's row id."""
    reduced: dict[int, Reduction] = {}
    if not code or not prices:
        return reduced, Applied()
    refusal = ""
    try:
        coupon = coupons.find(code, who=who, about=about, at=at)
    except CouponRefused as error:
        return reduced, Applied(code, error.sentence())
    for price in prices:
        try:
            reduced[price.pk] = coupon, reductions.taken_off(coupon, price)
        except CouponRefused as error:
            refusal = refusal or error.sentence()
    return reduced, Applied(coupon.code, "" if reduced else refusal)


@dataclass(frozen=True)
class _Till:
    """Whose law has a say, and in which language and by which clock it is told."""

    law: str
    language: str
    time_zone: str

    def date_of(self, instant: datetime) -> date:
        """The buyer's own day, where his zone is known."""
        try:
            return instant.astimezone(ZoneInfo(self.time_zone)).date()
        except (ZoneInfoNotFoundError, ValueError):
            return instant.date()


def _choice(
    price: Price, reduction: Reduction | None, trial_days: int, viewer: Viewer, till: _Till, *, at: datetime
) -> Choice:
    edition = terms_table.in_force(at)
    terms = edition.find(law=till.law, kind=price.offer.kind, language=till.language)
    name = terms_table.name_of(edition, terms) if terms else ""
    if reduction is None:
        quote = quotes.sign(price, visitor=viewer.visitor, at=at, terms=name, trial_days=trial_days)
        return Choice(
            price.offer,
            price,
            quote,
            terms=terms,
            trial_days=trial_days,
            trial_ends_on=till.date_of(at + timedelta(days=trial_days)) if trial_days else None,
        )
    coupon, off = reduction
    quote = quotes.sign(
        price, visitor=viewer.visitor, at=at, coupon_id=coupon.pk, discount_minor=off, terms=name
    )
    return Choice(price.offer, price, quote, off, terms)


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
