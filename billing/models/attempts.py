"""One try with a card at Stripe, whatever it is for: written down before Stripe is asked, decided once."""

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

A = TypeVar("A", bound="Attempt")


class AttemptQuerySet(models.QuerySet[A]):
    def undecided(self) -> Self:
        return self.filter(state__in=Attempt.UNDECIDED)


class Attempt(models.Model):
    """What every try has: the card, the key that makes it one call, and what it has come to."""

    class State(models.TextChoices):
        SENT = "sent", _("Sent, no answer yet")
        CHALLENGED = "challenged", _("The bank asks the buyer")
        SUCCEEDED = "succeeded", _("Succeeded")
        REFUSED = "refused", _("Refused")
        ABANDONED = "abandoned", _("Given up by the buyer")

    UNDECIDED = (State.SENT, State.CHALLENGED)

    number = models.PositiveSmallIntegerField(_("attempt"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.SENT)
    idempotency_key = models.CharField(max_length=80, unique=True)
    # Or a PaymentMethod's id, where STRIPE_CARD_AS says so.
    confirmation_token = models.CharField(_("ConfirmationToken"), max_length=64)
    challenge_url = models.TextField(blank=True, editable=False)
    decline_code = models.CharField(_("refused because"), max_length=60, blank=True)
    sent_at = models.DateTimeField(_("sent"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # Set once the answer was lost: until then the call may still be carried out at Stripe's.
    under_way_until = models.DateTimeField(_("may be under way until"), null=True, blank=True)
    looked_at = models.DateTimeField(_("last looked"), null=True, blank=True)
    look_after = models.DateTimeField(_("look again after"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_undecided(self) -> bool:
        return self.state in self.UNDECIDED

    def challenge(self, *, intent_id: str, url: str) -> bool:
        """Note that the bank wants to ask the buyer, at `url`.

        Only an attempt without an answer can come to this.
        """
        return self._become(
            self._rows().filter(state=self.State.SENT),
            state=self.State.CHALLENGED,
            intent_id=intent_id,
            challenge_url=url,
        )

    def succeed(self, *, intent_id: str, at: datetime, **facts: str) -> bool:
        """Note that this attempt did what it was for, whatever was believed of it before."""
        return self._become(
            self._rows().exclude(state=self.State.SUCCEEDED),
            state=self.State.SUCCEEDED,
            intent_id=intent_id,
            decline_code="",
            decided_at=at,
            **facts,
        )

    def refuse(self, *, decline_code: str, intent_id: str = "", at: datetime) -> bool:
        """Note that this attempt took nothing, and why. A decided attempt stays as it is."""
        return self._decide(self.State.REFUSED, decline_code=decline_code, intent_id=intent_id, at=at)

    def abandon(self, *, at: datetime) -> bool:
        """Note that the buyer turned away from the bank's question. A decided attempt stays as it is."""
        return self._decide(self.State.ABANDONED, decline_code="", intent_id="", at=at)

    def _decide(self, state: str, *, decline_code: str, intent_id: str, at: datetime) -> bool:
        facts = {"intent_id": intent_id} if intent_id else {}
        return self._become(
            self._rows().filter(state__in=self.UNDECIDED),
            state=state,
            decline_code=decline_code,
            decided_at=at,
            **facts,
        )

    def _become(self, those: models.QuerySet[Any], **facts: Any) -> bool:
        """Change the row if it is still one of those, and return whether this call did; read it if not."""
        if not those.filter(pk=self.pk).update(**facts):
            self.refresh_from_db(fields=list(facts))
            return False
        for name, value in facts.items():
            setattr(self, name, value)
        return True

    def _rows(self) -> models.QuerySet[Any]:
        return type(self)._default_manager.all()
