"""How many tries are borne before work is asked for: by what an attacker cannot change.

What is bought, its sum, the coupon and the card are his aim. Browsers, and addresses of mail and of the
network, he has by the thousand, and the innocent share the latter: none of those is counted here.
"""

from billing.models import Order

Limits = dict[str, int]

SHOP = "shop"
# What one window bears, by how a key begins. The shop's own bounds them all, however an attacker goes round;
# giving away is the point of a coupon that takes off everything, so some more are borne.
_BORNE: Limits = {
    **{"card:": 3, "offer:": 8, "sum:": 12, SHOP: 20},
    **{"free:": 20, "free": 30, "link:": 20, "link": 30},
}
# What a try counts for whose card was refused more often than is borne: it is being tried out.
TRIED_OUT_COUNTS = 3


def limit_of(key: str) -> int:
    """This will tell how many tries a key bears in one window."""
    return next(limit for start, limit in _BORNE.items() if key.startswith(start))


def of_sale(*, offer_id: int, currency: str, amount_minor: int) -> Limits:
    """This will name what a try to pay by card is counted by, and how many each bears."""
    return _limits(SHOP, f"offer:{offer_id}", f"sum:{currency}:{amount_minor}")


def of_free_order(*, offer_id: int, coupon_id: int | None) -> Limits:
    """This will name the same for an order that a coupon makes free."""
    return _limits("free", f"free:offer:{offer_id}", f"free:coupon:{coupon_id}")


def of_link(*, kind: str, slug: str) -> Limits:
    """This will name the same for a mail with a link to a checkout."""
    return _limits("link", f"link:{kind}:{slug}")


def of_order(order: Order) -> Limits:
    """This will name what an order's tries were counted by."""
    if order.is_free:
        return of_free_order(offer_id=order.offer_id, coupon_id=order.coupon_id)
    return of_sale(offer_id=order.offer_id, currency=order.currency, amount_minor=order.total_minor)


def card(fingerprint: str) -> str:
    """This will name a card, as Stripe tells cards apart."""
    return f"card:{fingerprint}"


def _limits(*keys: str) -> Limits:
    return {key: limit_of(key) for key in keys}
