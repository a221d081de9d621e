"""Stripe's events as they came in.

Bodies are not kept: they hold names and addresses, and a replay refetches.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Self

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Written out, since Stripe waits for it: the ORM would add a transaction and compile it anew.
_KEEP: Final = """
    INSERT INTO billing_stripeevent (event_id, type, object_id, api_version, livemode, body_sha256,
        created_at, received_at, processed_at, attempts, outcome)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s)
    ON CONFLICT (event_id) DO NOTHING
"""


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def keep(self, event: "StripeEvent") -> bool:
        """Keep an event that came in and return whether it is new; a repeated one changes nothing."""
        instants = [event.created_at, event.received_at, event.processed_at]
        created_at, received_at, processed_at = map(connection.ops.adapt_datetimefield_value, instants)
        names = (event.event_id, event.type, event.object_id, event.api_version)
        facts = (event.livemode, event.body_sha256, created_at, received_at, processed_at, event.outcome)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, names + facts)
            return bool(cursor.rowcount)

    def due(self, *, at: datetime) -> Self:
        return self.filter(Q(try_after=None) | Q(try_after__lte=at), processed_at=None)

    def mark_processed(self, events: Iterable["StripeEvent"], outcome: str, *, at: datetime) -> int:
        """Note what came of these, and return how many of them had been waiting."""
        waiting = self.filter(pk__in=[event.pk for event in events], processed_at=None)
        return waiting.update(processed_at=at, outcome=outcome)


class StripeEvent(models.Model):
    event_id = models.CharField(_("event"), max_length=64, unique=True)
    type = models.CharField(_("type"), max_length=80)
    object_id = models.CharField(_("object"), max_length=80, blank=True)
    api_version = models.CharField(_("API version"), max_length=40, blank=True)
    livemode = models.BooleanField(_("live"))
    body_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("made by Stripe"))
    received_at = models.DateTimeField(_("received"))
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    try_after = models.DateTimeField(_("try again after"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=80, blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")
        indexes = [
            # Serve the sweep, the admin's list by type, and an order's history.
            models.Index(fields=["received_at"], condition=Q(processed_at=None), name="event_waiting"),
            models.Index(fields=["type", "-id"], name="event_type"),
            models.Index(fields=["object_id"], name="event_object"),
        ]

    def __str__(self) -> str:
        return self.event_id

    def claim(self, *, until: datetime, at: datetime) -> bool:
        """Take the event for processing; of several workers one gets it, until `until`."""
        claimed = (
            StripeEvent.objects.due(at=at)
            .filter(pk=self.pk)
            .update(try_after=until, attempts=models.F("attempts") + 1)
        )
        return bool(claimed)

    def mark_processed(self, outcome: str, *, at: datetime) -> None:
        self.processed_at, self.outcome = at, outcome
        self.save(update_fields=["processed_at", "outcome"])

    def put_off(self, why: str, *, until: datetime) -> None:
        self.try_after, self.outcome = until, why
        self.save(update_fields=["try_after", "outcome"])
