"""The forms by which staff answer a bank: what it gets, why, and a box to tick, since it cannot be undone."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.disputing import answers, evidence
from billing.models import Dispute, DisputeAnswer

_LABELS = {
    "product_description": _("What was sold"),
    "access_activity_log": _("What was watched, and when"),
    "refund_policy_disclosure": _("The refund rules"),
    "uncategorized_text": _("The purchase, the mails and what else to say"),
}


class AcceptForm(forms.Form):
    kind = DisputeAnswer.Kind.ACCEPTANCE

    note = forms.CharField(label=_("Why"), max_length=500, help_text=_("Stays on record with your name."))
    is_sure = forms.BooleanField(
        label=_("The bank keeps the money"), help_text=_("This cannot be taken back, and the film is closed.")
    )

    def __init__(self, data: Any = None, *, dispute: Dispute) -> None:
        super().__init__(data)
        self.dispute = dispute

    def evidence(self) -> dict[str, str]:
        return {}

    def send(self, *, asked_by_id: int) -> DisputeAnswer:
        """Tell the bank.

        :raises answers.NotAnswerable: nothing was sent.
        """
        reply = answers.Reply(
            kind=self.kind,
            evidence=self.evidence(),
            note=self.cleaned_data["note"],
            asked_by_id=asked_by_id,
        )
        return answers.send(self.dispute, reply, at=timezone.now())


class EvidenceForm(AcceptForm):
    """Begins with what the shop's rows tell; what stands in the form is what is sent."""

    kind = DisputeAnswer.Kind.EVIDENCE

    is_sure = forms.BooleanField(
        label=_("I have read it"), help_text=_("It is sent once and cannot be taken back or changed.")
    )

    def __init__(self, data: Any = None, *, dispute: Dispute) -> None:
        super().__init__(data, dispute=dispute)
        self.known = evidence.pack(dispute, at=timezone.now())
        texts = {
            name: forms.CharField(
                label=label,
                initial=self.known.get(name, ""),
                max_length=evidence.AT_MOST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
            )
            for name, label in _LABELS.items()
        }
        self.fields = {**texts, **self.fields}

    def evidence(self) -> dict[str, str]:
        written = {name: self.cleaned_data[name].replace("\r\n", "\n") for name in _LABELS}
        return {name: text for name, text in {**self.known, **written}.items() if text}
