"""A member puts another card on file: each try is a row before Stripe is asked."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.attempts import Attempt, AttemptQuerySet
from billing.models.memberships import Membership


class CardChangeQuerySet(AttemptQuerySet["CardChange"]):
    def of(self, membership: Membership) -> Self:
        return self.filter(membership=membership).order_by("number")


class CardChange(Attempt):
    """One try to let a membership be charged to another card. It takes no money.

    It has succeeded once the membership is charged to the card, and not before. `replaces` is what was on
    file when it began, to be forgotten at Stripe then.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="card_changes")
    intent_id = models.CharField(_("SetupIntent"), max_length=64, blank=True)
    replaces = models.CharField(_("PaymentMethod that it replaces"), max_length=64, blank=True)

    objects = CardChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a card")
        verbose_name_plural = _("changes of cards")
        constraints = [
            models.UniqueConstraint(fields=["membership", "number"], name="card_changes_are_numbered"),
            models.UniqueConstraint(fields=["confirmation_token"], name="one_card_change_per_card_entry"),
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(state__in=["sent", "challenged"]),
                name="one_undecided_card_change",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "challenged"], decided_at=None)
                | (~Q(state__in=["sent", "challenged"]) & Q(decided_at__isnull=False)),
                name="decided_card_change_has_time",
            ),
        ]
        indexes = [
            # Serves the sweep.
            models.Index(
                fields=["look_after"],
                condition=Q(state__in=["sent", "challenged"]),
                name="card_change_undecided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}/{self.number}"
