"""Payments that a card's bank questions, and what staff told the bank."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.orders import Order
from videos import money


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def holding_money(self) -> Self:
        """Disputes over which the bank holds the money, or has given it back for good."""
        return self.filter(state__in=[*Dispute.CONTESTED, Dispute.State.LOST])

    def lost(self) -> Self:
        return self.filter(state=Dispute.State.LOST)

    def barring_refunds(self) -> Self:
        """Disputes during and after which Stripe would refuse to give the money back a second time."""
        settled = [*Dispute.CONTESTED, Dispute.State.LOST, Dispute.State.PREVENTED]
        return self.filter(state__in=settled, is_charge_refundable=False)


class Dispute(models.Model):
    """One question of a bank's about one payment. An inquiry takes no money; a dispute takes it at once.

    The states are Stripe's own, as it told them last.
    """

    class State(models.TextChoices):
        WARNING_NEEDS_RESPONSE = "warning_needs_response", _("Inquiry: waits for an answer")
        WARNING_UNDER_REVIEW = "warning_under_review", _("Inquiry: the bank reads the answer")
        WARNING_CLOSED = "warning_closed", _("Inquiry: closed")
        NEEDS_RESPONSE = "needs_response", _("Waits for an answer")
        UNDER_REVIEW = "under_review", _("The bank reads the answer")
        APPEAL_NEEDS_RESPONSE = "appeal_needs_response", _("Appeal: waits for an answer")
        APPEAL_UNDER_REVIEW = "appeal_under_review", _("Appeal: the bank reads the answer")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        PREVENTED = "prevented", _("Settled before it began")

    INQUIRIES = (State.WARNING_NEEDS_RESPONSE, State.WARNING_UNDER_REVIEW, State.WARNING_CLOSED)
    CONTESTED = (
        State.NEEDS_RESPONSE,
        State.UNDER_REVIEW,
        State.APPEAL_NEEDS_RESPONSE,
        State.APPEAL_UNDER_REVIEW,
    )
    CLOSED = (State.WARNING_CLOSED, State.WON, State.LOST, State.PREVENTED)
    # What is answered from here; an appeal is answered in Stripe's dashboard.
    ANSWERABLE = (State.WARNING_NEEDS_RESPONSE, State.NEEDS_RESPONSE)

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="disputes")
    dispute_id = models.CharField(_("Stripe's dispute"), max_length=64, unique=True)
    charge_id = models.CharField(_("Charge"), max_length=64)
    state = models.CharField(_("state"), max_length=24, choices=State.choices)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    # Stripe's word for what the cardholder says, and the card network's code for it.
    reason = models.CharField(_("reason"), max_length=60)
    network_reason = models.CharField(_("network's code"), max_length=20, blank=True)
    due_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    is_charge_refundable = models.BooleanField(_("can be refunded meanwhile"))
    submissions = models.PositiveSmallIntegerField(_("answers that the bank has"), default=0)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    look_after = models.DateTimeField(_("look again after"), null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        permissions = [("submit_evidence", "Can answer disputes")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="dispute_amount_is_above_zero"),
            models.CheckConstraint(
                condition=Q(state__in=["warning_closed", "won", "lost", "prevented"], closed_at__isnull=False)
                | (~Q(state__in=["warning_closed", "won", "lost", "prevented"]) & Q(closed_at__isnull=True)),
                name="closed_dispute_has_time",
            ),
        ]
        indexes = [
            # Serve the sweep, and the admin's search by Stripe's charge.
            models.Index(fields=["look_after"], condition=Q(look_after__isnull=False), name="dispute_look"),
            models.Index(fields=["charge_id"], name="dispute_charge"),
        ]

    def __str__(self) -> str:
        return self.dispute_id

    @property
    def amount_text(self) -> str:
        return money.format_amount(self.amount_minor, self.currency)

    @property
    def is_inquiry(self) -> bool:
        return self.state in self.INQUIRIES

    @property
    def is_contested(self) -> bool:
        """Whether the bank has taken the money and has not decided yet."""
        return self.state in self.CONTESTED

    @property
    def is_closed(self) -> bool:
        return self.state in self.CLOSED

    def is_answerable(self, *, at: datetime) -> bool:
        """Whether the bank waits for an answer that can still be given in time."""
        return (
            self.state in self.ANSWERABLE
            and not self.submissions
            and (self.due_by is None or at < self.due_by)
        )

    def become(self, state: str, *, at: datetime, **facts: Any) -> bool:
        """Move on from the state at hand, and return whether this call did it.

        Where another witness was faster the row is read anew and nothing is changed.
        """
        closed_at = (self.closed_at or at) if state in self.CLOSED else None
        those = Dispute.objects.filter(pk=self.pk, state=self.state)
        changed = those.update(state=state, closed_at=closed_at, **facts)
        self.refresh_from_db()
        return bool(changed)


class DisputeAnswer(models.Model):
    """What staff told a bank, once: evidence, or that the shop gives up. Written before Stripe is asked."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", _("Evidence")
        ACCEPTANCE = "acceptance", _("The shop gives up")

    class State(models.TextChoices):
        SENT = "sent", _("Asked, no answer yet")
        DELIVERED = "delivered", _("With the bank")
        REFUSED = "refused", _("Refused by Stripe")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField(_("answer"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SENT)
    # Each text under Stripe's name for it, as the bank gets it.
    evidence = models.JSONField(_("evidence"), default=dict)
    note = models.CharField(_("note"), max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    asked_at = models.DateTimeField(_("asked"))
    idempotency_key = models.CharField(max_length=100, unique=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    refused_because = models.CharField(_("refused because"), max_length=60, blank=True)
    # While no answer came: until then the call may still be carried out at Stripe's.
    under_way_until = models.DateTimeField(_("may be under way until"), null=True, blank=True)
    look_after = models.DateTimeField(_("look again after"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer to a dispute")
        verbose_name_plural = _("answers to disputes")
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="dispute_answers_are_numbered"),
            models.UniqueConstraint(
                fields=["dispute"],
                condition=Q(state__in=["sent", "delivered"]),
                name="one_live_answer_per_dispute",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", answered_at=None)
                | Q(state__in=["delivered", "refused"], answered_at__isnull=False),
                name="answered_answer_has_time",
            ),
        ]
        indexes = [
            # Serves the sweep.
            models.Index(fields=["look_after"], condition=Q(state="sent"), name="dispute_answer_look"),
        ]

    def __str__(self) -> str:
        return self.idempotency_key

    @property
    def is_live(self) -> bool:
        """Whether the bank has it, or may have it."""
        return self.state != self.State.REFUSED

    def become(self, state: str, *, at: datetime, **facts: Any) -> bool:
        """Note how an answer that waits for Stripe's word ended, and return whether this call did it."""
        waiting = DisputeAnswer.objects.filter(pk=self.pk, state=self.State.SENT)
        changed = waiting.update(state=state, answered_at=at, look_after=None, **facts)
        self.refresh_from_db()
        return bool(changed)
