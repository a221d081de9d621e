"""Refunds, to be read; the form by which staff give money back, on the order's page."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from billing.admin import searching
from billing.models import Order, Refund
from billing.refunding import refund_sentences, refunds
from videos import money


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin[Refund]):
    list_display = ("which", "asked_at", "state", "amount", "reason", "asker", "asked_by", "refund_id")
    list_select_related = ("order", "asked_by")
    list_filter = ("state", "asker")
    search_help_text = _(
        "An order's reference or its beginning, an e-mail address, or Stripe's re_…, pi_… or ch_…."
    )
    fields = (
        *("order", "number", "state", "amount", "reason", "note", "asker", "asked_by", "asked_at"),
        *(
            "ends_access",
            "by_rule",
            "rulebook",
            "credit_note_number",
            "credited_at",
            "succeeded_at",
            "failed_at",
            "failed_because",
        ),
        *("under_way_until", "look_after", "refund_id", "intent_id", "charge_id"),
    )

    def find(self, term: str) -> Q:
        if "@" in term:
            return Q(order_id__in=searching.order(term))
        if term.startswith(("re_", "pyr_")):
            return Q(refund_id=term)
        if term.startswith("pi_"):
            return Q(intent_id=term)
        if term.startswith(("ch_", "py_")):
            return Q(order_id__in=Order.objects.filter(payments__charge_id=term).values("id"))
        return Q(idempotency_key__startswith=term.lower())

    @admin.display(description=_("order and refund"))
    def which(self, refund: Refund) -> str:
        return f"{refund.order.reference[:8]}… {refund.number}"

    @admin.display(description=_("amount"))
    def amount(self, refund: Refund) -> str:
        return refund.amount_text

    @admin.display(description=_("rule"))
    def by_rule(self, refund: Refund) -> str:
        return str(refund_sentences.rule(refund.rule)) if refund.rule else "-"


class RefundForm(forms.Form):
    """How much of one order goes back, and why. `after` is what had gone back when the form was shown, so
    that a form sent twice is one refund.
    """

    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal(0))
    reason = forms.ChoiceField(label=_("Reason"), choices=Refund.Reason.choices)
    note = forms.CharField(label=_("Why"), max_length=500, help_text=_("Stays on record with your name."))
    ends_access = forms.BooleanField(
        label=_("End the right to watch"), required=False, help_text=_("A full refund ends it in any case.")
    )
    after = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, order: Order) -> None:
        digits = money.decimals(order.currency)
        left = Decimal(order.left_minor).scaleb(-digits)
        is_warned = _is_warned_of(order)
        first = {"reason": Refund.Reason.FRAUDULENT, "ends_access": True} if is_warned else {}
        super().__init__(data, initial={"amount": left, "after": order.refunded_minor, **first})
        self.order = order
        if not is_warned:  # it would put the card on block lists by nobody's word
            reasons = [each for each in Refund.Reason.choices if each[0] != Refund.Reason.FRAUDULENT]
            self.fields["reason"] = forms.ChoiceField(label=_("Reason"), choices=reasons)
        amount = self.fields["amount"]
        amount.help_text = _("At most %(left)s.") % {
            "left": money.format_amount(order.left_minor, order.currency)
        }
        amount.label = f"{amount.label} ({order.currency.upper()})"

    def clean_amount(self) -> int:
        """The amount in minor units."""
        minor = self.cleaned_data["amount"].scaleb(money.decimals(self.order.currency))
        if minor != int(minor):
            raise forms.ValidationError(_("This currency has no such small coin."))
        try:
            money.check_amount(int(minor), self.order.currency)
        except money.BadAmount as error:
            raise forms.ValidationError(error.args[0]) from error
        if minor > self.order.left_minor:
            raise forms.ValidationError(_("That is more than is left of what was paid."))
        return int(minor)

    def carry_out(self, *, asked_by_id: int | None) -> Refund:
        """Give back what the form says.

        :raises refunds.NotLeft: more has gone back since the form was shown.
        """
        given = self.cleaned_data
        wish = refunds.Wish(
            amount_minor=given["amount"],
            after_minor=given["after"],
            reason=Refund.Reason(given["reason"]),
            ends_access=given["ends_access"],
            asker=Refund.Asker.STAFF,
            asked_by_id=asked_by_id,
            note=given["note"],
        )
        return refunds.ask(self.order, wish, at=timezone.now())


def _is_warned_of(order: Order) -> bool:
    return order.fraud_warnings.exists()
