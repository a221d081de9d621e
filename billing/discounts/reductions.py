"""What a coupon takes off a price. Nothing here asks the database who used it."""

from django.utils.translation import gettext as _

from billing.discounts.minimums import least_charge
from billing.models import Coupon
from videos import money
from videos.models import Price


class CouponRefused(Exception):
    """The coupon can't be used here; `sentence` tells the person why."""

    def sentence(self) -> str:
        raise NotImplementedError


class NotForThis(CouponRefused):
    """It is for other offers, or for other currencies; no coupon is for a membership."""

    def sentence(self) -> str:
        return _("This code doesn't hold for this film in this currency.")


class LeavesTooLittle(CouponRefused):
    """It would leave less than a card can be charged, and more than nothing."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency

    def sentence(self) -> str:
        least = money.format_amount(least_charge(self.currency), self.currency)
        return _(
            "With this code too little would be left: a card can't be charged less than %(least)s. "
            "It holds for what costs more."
        ) % {"least": least}


def taken_off(coupon: Coupon, price: Price) -> int:
    """This will tell what the coupon takes off the price, in its minor units: all of it at the most.

    A percentage is rounded down to what the currency can charge, so that 99 % never comes to everything.

    :raises NotForThis, LeavesTooLittle: see each.
    """
    only_for = {offer.pk for offer in coupon.offers.all()}
    if price.offer.is_membership or (only_for and price.offer_id not in only_for):
        raise NotForThis
    off = min(_worth(coupon, price), price.amount_minor)
    if off <= 0:
        raise NotForThis
    if 0 < price.amount_minor - off < least_charge(price.currency):
        raise LeavesTooLittle(price.currency)
    return off


def _worth(coupon: Coupon, price: Price) -> int:
    if coupon.percent is None:
        amounts = {each.currency: each.amount_minor for each in coupon.amounts.all()}
        return amounts.get(price.currency, 0)
    step = money.smallest_step(price.currency)
    return price.amount_minor * coupon.percent // 100 // step * step
