"""Guards of buying, to be taken away; see `taking_away`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db.models import F

from billing.buying import checkout, selling
from billing.models import Coupon, Payment
from billing.settling import outcomes
from billing.stripe import stripe_gateway
from billing.stripe.intents import Intent
from tests.saboteurs.taking_away import dropped, instead
from videos import entitlements

any_order_is_closed = instead(checkout, "_end", lambda order, at: order.cancel())


@contextmanager
def any_use_is_counted() -> Iterator[None]:
    """A coupon's use is counted without looking at the limit, and its check is not there."""
    with dropped(Coupon, "coupon_uses_within_limit"), mock.patch.object(Coupon, "count_use", _count_any_use):
        yield


def _count_any_use(coupon: Coupon) -> bool:
    Coupon.objects.filter(pk=coupon.pk).update(used=F("used") + 1)
    return True


tills_never_close = instead(selling, "check_tills", lambda mode: None)
silence_means_no = instead(outcomes, "_UNDER_WAY", timedelta(0))
nothing_is_yours_already = instead(entitlements, "owns", lambda viewer, offer, at: False)
_real_charge = stripe_gateway.charge


def _charge_anew(payment: Payment, **given: Any) -> Intent:
    payment.idempotency_key += "-again"
    return _real_charge(payment, **given)


no_idempotency_key = instead(stripe_gateway, "charge", _charge_anew)
