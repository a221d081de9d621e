"""The recurring prices at Stripe that stand for ours: made once each, when one is first needed."""

from hashlib import sha256

from django.conf import settings

from billing.models import StripePrice
from billing.stripe import stripe_subscriptions
from videos.models import Price


def at_stripe(price: Price, *, key: str = "") -> str:
    """This will give the id at Stripe, after making the price there unless it was made before.

    A try that got lost is made again under the same idempotency key: `key`, or else one of the price's own.
    Two who come first at once make two prices; the one that is kept stands, the other is never used.
    :raises StripeUnavailable, OutcomeUnknown, StripeRefused: as `stripe_subscriptions.make_price` does.
    """
    known = StripePrice.objects.filter(price=price).first()
    if known is None:
        name = f"{settings.SHOP_NAME}: {price.offer.target.title}"
        made = stripe_subscriptions.make_price(price, name=name, key=key or _key_of(price, name))
        known, _is_new = StripePrice.objects.get_or_create(price=price, defaults={"stripe_id": made})
    return known.stripe_id


def _key_of(price: Price, name: str) -> str:
    """The same for this row under this name, and for no other: Stripe refuses a key with other words.

    A film may be renamed between two tries, and a database that was made anew counts its rows from 1 again.
    """
    facts = f"{price.created_at.isoformat()} {name}"
    return f"price-{price.pk}-{sha256(facts.encode()).hexdigest()[:16]}"


def of_ours(stripe_id: str) -> Price | None:
    """This will find the price of ours that one at Stripe stands for."""
    found = StripePrice.objects.select_related("price__offer__collection").filter(stripe_id=stripe_id).first()
    return found.price if found else None
