"""Coupons: found by their code, held while an order may be paid with one, and let go if it is not.

A quote's reduced price holds for its half hour, also past the coupon's end; a coupon that was switched off
or used up meanwhile does not.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import normalize_email
from accounts.sweeping import one_by_one
from billing.discounts import coupon_guesses
from billing.discounts.reductions import CouponRefused
from billing.models import Coupon, CouponUse, Order, Payment
from billing.models.coupons import normalize_code

logger = logging.getLogger(__name__)

# A question that the buyer turned away from may still be answered where it is shown.
_LEFT_OPEN = timedelta(hours=24)


class Unknown(CouponRefused):
    """There is no such code, or not yet, or not any more; a guesser is not told which."""

    def sentence(self) -> str:
        return _("We don't know this code. Look at how it is written.")


class Expired(CouponRefused):
    def sentence(self) -> str:
        return _("This code has expired.")


class UsedUp(CouponRefused):
    """As often as it may be in total."""

    def sentence(self) -> str:
        return _("This code is used up.")


class UsedByYou(CouponRefused):
    """As often as it may be by this browser or this address."""

    def sentence(self) -> str:
        return _("You have used this code already.")


class TooManyGuesses(CouponRefused):
    def sentence(self) -> str:
        return _("Too many codes were tried here. Wait ten minutes, then try yours again.")


class Withdrawn(CouponRefused):
    """It was switched off since the quote was made."""

    def sentence(self) -> str:
        return _("This code no longer holds.")


@dataclass(frozen=True)
class Who:
    """A buyer, as a coupon knows him: his browser, and his address if he has given one."""

    visitor: str
    email: str = ""

    @property
    def address(self) -> str:
        """Where his mail arrives: what is behind a plus is his own invention."""
        name, _at, domain = normalize_email(self.email).partition("@")
        return f"{name.partition('+')[0]}@{domain}" if domain else ""


def find(code: str, *, who: Who, about: str, at: datetime) -> Coupon:
    """This will find the coupon that can be used now by this buyer. `about` names what he wants to buy.

    :raises CouponRefused: it can't; its class says why.
    """
    if coupon_guesses.are_too_many(visitor=who.visitor, about=about, at=at):
        raise TooManyGuesses
    known = Coupon.objects.prefetch_related("offers", "amounts").filter(code=normalize_code(code)[:40])
    coupon = known.first()
    if coupon is None or not coupon.is_active or (coupon.starts_at and at < coupon.starts_at):
        coupon_guesses.note(visitor=who.visitor, about=about, at=at)
        raise Unknown
    if coupon.ends_at and at >= coupon.ends_at:
        raise Expired
    _check_uses(coupon, who)
    return coupon


def _check_uses(coupon: Coupon, who: Who) -> None:
    """What an open order of his own holds is free for him."""
    uses = list(coupon.uses.by(visitor=who.visitor, address=who.address).select_related("order"))
    spent = [use for use in uses if use.visitor != who.visitor or use.order.state != Order.State.OPEN]
    if coupon.uses_per_buyer is not None and len(spent) >= coupon.uses_per_buyer:
        raise UsedByYou
    if coupon.is_used_up and len(spent) == len(uses):
        raise UsedUp


def hold(order: Order, *, at: datetime) -> None:
    """This will set a use of the order's coupon aside. An order that holds one keeps it.

    Call it inside the transaction that takes the order, as late as can be: all who want the same coupon wait.

    :raises Withdrawn, UsedUp, UsedByYou: see each; nothing was set aside.
    """
    if CouponUse.objects.filter(order=order).exists():
        return
    coupon = Coupon.objects.get(orders=order)
    if not coupon.count_use():
        raise Withdrawn if not coupon.is_active else UsedUp
    who = Who(order.visitor, order.email)
    # Nobody else can count a use until we commit, so these are all.
    turns = set(coupon.uses.by(visitor=who.visitor, address=who.address).values_list("turn", flat=True))
    if coupon.uses_per_buyer is not None and len(turns) >= coupon.uses_per_buyer:
        raise UsedByYou
    turn = next(number for number in count(1) if number not in turns)
    CouponUse.objects.create(
        coupon=coupon, order=order, visitor=who.visitor, address=who.address, turn=turn, held_at=at
    )


def spend(order: Order, *, at: datetime) -> None:
    """This will see to it that a paid order has its use.

    Where it was let go before the money came, and is another's by now, the sale stands without one.
    """
    try:
        with transaction.atomic():
            hold(order, at=at)
    except CouponRefused:
        logger.warning("a coupon's use was gone when the money came", extra={"order": order.reference})


@transaction.atomic
def let_go(order_id: int, *, at: datetime) -> bool:
    """This will give the order's use back, unless money may still come for it; returns whether it did."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.is_paid or (order.state == Order.State.OPEN and _may_be_paid(order, at=at)):
        return False
    use = CouponUse.objects.filter(order=order).select_related("coupon").first()
    if use is None:
        return False
    use.delete()
    use.coupon.uncount_use()
    return True


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will let go what is held for orders that were left, and forget old guesses."""
    coupon_guesses.clear(at=at)
    unpaid = CouponUse.objects.exclude(order__state=Order.State.PAID)
    if not unpaid.exists():
        return 0
    under_way = Payment.objects.undecided().filter(order=OuterRef("order_id"))
    left_open = Payment.objects.left_open(since=at - _LEFT_OPEN).filter(order=OuterRef("order_id"))
    idle = unpaid.exclude(Exists(under_way)).exclude(Exists(left_open))
    orders = list(idle.order_by("id").values_list("order_id", flat=True)[:limit])
    return one_by_one(orders, lambda order_id: let_go(order_id, at=at))


def _may_be_paid(order: Order, *, at: datetime) -> bool:
    left_open = Payment.objects.left_open(since=at - _LEFT_OPEN)
    return order.payments.undecided().exists() or left_open.filter(order=order).exists()
