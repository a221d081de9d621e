"""What another plan would cost a member now: asked of Stripe to the cent, and signed before it is shown."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db.models import QuerySet

from billing.joining import stripe_prices
from billing.models import Membership
from billing.stripe import stripe_plans
from billing.stripe.stripe_subscriptions import Invoice
from videos import money
from videos.models import Offer, Price

LIFETIME = timedelta(minutes=30)
_SALT = "billing.plan_changes"


class BadWish(Exception):
    """The wish was not signed by us for this membership, or too long ago. Nothing was charged."""


@dataclass(frozen=True)
class Wish:
    """Which price, for how much now, and up to which instant the present plan is used up."""

    price_id: int
    due_minor: int
    prorated_at: datetime
    nonce: str


@dataclass(frozen=True)
class Prospect:
    """Another plan: `due_minor` is charged now, and the next renewal at `renews_at` costs `price`."""

    price: Price
    due_minor: int
    renews_at: datetime
    wish: str

    @property
    def due_text(self) -> str:
        return money.format_amount(self.due_minor, self.price.currency)

    @property
    def credit_text(self) -> str:
        """What the unused days of the present plan take off."""
        return money.format_amount(self.price.amount_minor - self.due_minor, self.price.currency)


def may_change(membership: Membership) -> bool:
    """This will tell whether a member may have another plan now: he has paid, and neither leaves nor owes."""
    return (
        membership.state == Membership.State.ACTIVE
        and not membership.cancels_at_period_end
        and membership.end_wanted_at is None
        and not membership.is_on_trial()
    )


def longer_plans(membership: Membership) -> list[Price]:
    """This will find the plans with a longer period that are on sale in the member's currency.

    A shorter one begins once what is paid is over (`later_plans`): at once it would give money back, or keep
    it.
    """
    now, paid = membership.current_price, membership.paid_interval()
    if (now.offer.interval, paid) != (Offer.Interval.MONTH, Offer.Interval.MONTH):
        return []
    return list(_on_sale(now, Offer.Interval.YEAR).filter(amount_minor__gt=now.amount_minor))


def later_plans(membership: Membership) -> list[Price]:
    """This will find the plans that a member may choose for after the year that he has paid."""
    now = membership.current_price
    if membership.paid_interval() != Offer.Interval.YEAR:
        return []
    return [
        price
        for interval in Offer.Interval.values
        if interval != now.offer.interval
        for price in _on_sale(now, interval)
    ]


def _on_sale(now: Price, interval: str) -> "QuerySet[Price]":
    """The prices for other intervals of what a member has now, in his currency."""
    others = Price.objects.filter(
        offer__collection=now.offer.collection_id,
        offer__kind=Offer.Kind.MEMBERSHIP,
        offer__interval=interval,
        offer__is_active=True,
        currency=now.currency,
        retired_at=None,
    )
    return others.select_related("offer__collection").order_by("id")


def ask(membership: Membership, price: Price, *, at: datetime) -> Prospect:
    """This will ask Stripe what a change would cost now. Nothing is changed by that.

    :raises StripeUnavailable, OutcomeUnknown, StripeRefused: as `stripe_plans.preview` does.
    """
    prorated_at = at.replace(microsecond=0)
    invoice = _preview(membership, price, prorated_at)
    claims = {
        "membership": membership.pk,
        "price": price.pk,
        "due": invoice.due_minor,
        "at": int(prorated_at.timestamp()),
        "nonce": secrets.token_hex(16),
    }
    return Prospect(price, invoice.due_minor, invoice.ends_at, signing.dumps(claims, salt=_SALT))


def still_costs(membership: Membership, price: Price, wish: Wish) -> bool:
    """This will tell whether Stripe would still charge what was shown. Raises as `ask` does."""
    invoice = _preview(membership, price, wish.prorated_at)
    return (invoice.due_minor, invoice.currency) == (wish.due_minor, price.currency)


def read(token: str, *, membership: Membership) -> Wish:
    """This will give back what was signed for this membership.

    :raises BadWish: see there.
    """
    try:
        claims = signing.loads(token, salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature as error:
        raise BadWish from error
    if claims["membership"] != membership.pk:
        raise BadWish
    prorated_at = datetime.fromtimestamp(claims["at"], tz=UTC)
    return Wish(claims["price"], claims["due"], prorated_at, claims["nonce"])


def _preview(membership: Membership, price: Price, prorated_at: datetime) -> Invoice:
    return stripe_plans.preview(
        membership.subscription_id or "",
        price_id=stripe_prices.at_stripe(price),
        prorated_at=prorated_at,
    )
