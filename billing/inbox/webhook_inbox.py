"""Stripe's events: kept at once, worked through later.

An event is a nudge; what it tells is asked of Stripe anew.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.sweeping import one_by_one
from billing.inbox import nudges
from billing.models import StripeEvent
from billing.settling import fulfilment
from billing.stripe import stripe_gateway, stripe_record
from billing.stripe.intents import StripeUnavailable

logger = logging.getLogger(__name__)

_MAX_BYTES = 256 * 1024
# Nested too deep, or in no year of ours.
_OUT_OF_RANGE = (RecursionError, OverflowError, OSError)
_LEASE = timedelta(seconds=60)
_KEPT = "kept"
# The longest gap: with the sweep's period, a sale is found within a minute after Stripe answers again.
_LONGEST_GAP_SECONDS = 40


class BadDelivery(Exception):
    """Not signed by Stripe, too old, too large, not an event, or of the other mode. Nothing was kept."""


def receive(body: bytes, signature: str, *, at: datetime) -> bool:
    """This will verify a delivery and keep its event, and return whether there is new work in it.

    A repeated event is success and changes nothing.

    :raises BadDelivery: see there.
    Source: https://docs.stripe.com/webhooks#verify-manually
    """
    secret = stripe_gateway.signing_secret(body, signature) if len(body) <= _MAX_BYTES else None
    if secret is None:
        raise BadDelivery("signature")
    event = _read(body, at=at)
    if settings.STRIPE_RECORD:
        stripe_record.write_webhook(body=body, signature=signature, secret=secret, received_at=at)
    if event.livemode != fulfilment.is_live():
        raise BadDelivery("livemode")
    if not nudges.is_of_use(event):  # kept for its record; there is nothing to work through
        event.processed_at, event.outcome = at, _KEPT
    return StripeEvent.objects.keep(event) and event.processed_at is None


def _read(body: bytes, *, at: datetime) -> StripeEvent:
    try:
        data: dict[str, Any] = json.loads(body)
        if not isinstance(data["livemode"], bool):
            raise TypeError("livemode")
        return StripeEvent(
            event_id=_word(data["id"])[:64],
            type=_word(data["type"])[:80],
            object_id=_word(data["data"]["object"].get("id") or "")[:80],
            api_version=_word(data.get("api_version") or "")[:40],
            livemode=data["livemode"],
            body_sha256=hashlib.sha256(body).hexdigest(),
            created_at=datetime.fromtimestamp(int(data["created"]), tz=UTC),
            received_at=at,
        )
    except (ValueError, KeyError, TypeError, AttributeError, *_OUT_OF_RANGE) as error:
        raise BadDelivery("not an event") from error


def _word(value: object) -> str:
    """A name as Stripe gives them, which every database keeps."""
    word = str(value)
    if not word.isprintable():
        raise ValueError("not a name")
    return word


def process(event: StripeEvent, *, at: datetime) -> bool:
    """This will act on one event and return whether it is done now. Two workers never act on one at once.

    Where Stripe does not answer, the event stays and is tried again with growing gaps.
    """
    return bool(_process_alike([event], at=at))


def replay(event: StripeEvent, *, at: datetime) -> bool:
    """This will act on an event once more, done or not, as staff ask for it."""
    StripeEvent.objects.filter(pk=event.pk).update(processed_at=None, try_after=None)
    event.refresh_from_db()
    return process(event, at=at)


def sweep(*, at: datetime, limit: int = 200) -> int:
    """This will process what was received and not yet done, and return how many were.

    Of several events about one thing Stripe is asked once: all were received before it answers.
    """
    due = StripeEvent.objects.due(at=at).order_by("received_at", "id")[:limit]
    return one_by_one(_by_what_they_tell_of(due), lambda events: _process_alike(events, at=at))


def _by_what_they_tell_of(events: Iterable[StripeEvent]) -> Collection[list[StripeEvent]]:
    alike: dict[tuple[str, ...], list[StripeEvent]] = defaultdict(list)
    for event in events:
        alike[event.api_version, nudges.thing_of(event), event.object_id].append(event)
    return alike.values()


def _process_alike(events: list[StripeEvent], *, at: datetime) -> int:
    """The first that nobody else has in hand is acted on; if that fails, the rest wait for their turn."""
    free = next((event for event in events if event.claim(until=at + _LEASE, at=at)), None)
    if free is None or not _carry_out(free, at=at):
        return 0
    others = [event for event in events if event is not free]
    return 1 + StripeEvent.objects.mark_processed(others, free.outcome, at=at)


def _carry_out(event: StripeEvent, *, at: datetime) -> bool:
    event.refresh_from_db()
    try:
        outcome = _act_on(event, at=at)
    except StripeUnavailable:
        gap = min(_LONGEST_GAP_SECONDS, 5 * 2 ** min(event.attempts, 10))
        event.put_off("Stripe unavailable", until=at + timedelta(seconds=gap))
        return False
    event.mark_processed(outcome, at=at)
    return True


def _act_on(event: StripeEvent, *, at: datetime) -> str:
    if event.api_version != stripe_gateway.API_VERSION:
        logger.error(
            "event of another API version", extra={"event": event.event_id, "version": event.api_version}
        )
    return nudges.act_on(event, at=at) if nudges.is_of_use(event) else _KEPT
