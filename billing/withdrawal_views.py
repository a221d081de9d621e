"""Withdrawing without signing in: a form, a link by mail, and a button. Everything works without a script."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.jobs import enqueue
from billing import tasks
from billing.buying import selling
from billing.buying.refusal_sentences import REFUSALS
from billing.models import Withdrawal
from billing.refunding import asking, refund_sentences
from billing.withdrawing import withdrawals


class WithdrawalForm(forms.Form):
    reference = forms.CharField(
        label=_("Order number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail you bought with"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """One answer for all: whether there is such an order is told only to its address."""
    form = WithdrawalForm(request.POST or None, initial={"reference": request.GET.get("order", "")[:32]})
    if request.method != "POST" or not form.is_valid():
        return render(request, "billing/withdraw.html", {"form": form})
    try:
        selling.check_wishes()
    except selling.ReadOnly as error:
        _code, sentence, status = REFUSALS[type(error)]
        return render(request, "billing/withdraw.html", {"form": form, "refusal": sentence}, status=status)
    given = form.cleaned_data
    withdrawals.ask(
        reference=given["reference"],
        email=given["email"],
        language=get_language() or "en",
        at=timezone.now(),
    )
    enqueue(tasks.answer_withdrawals)
    return render(request, "billing/withdraw.html", {"is_asked": True})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed link opens. Looking changes nothing; the button withdraws."""
    now = timezone.now()
    wish = withdrawals.find(token, at=now)
    if wish is None or wish.order is None:
        return _shown(request, wish, {"is_gone": True}, status=404)
    if wish.withdrawn_at is not None:
        return _shown(request, wish, {"is_done": True})
    has_changed = False
    if request.method == "POST":
        try:
            selling.check_wishes()
            shown = request.POST.get("shown", "")
            withdrawals.withdraw(wish, shown_minor=int(shown) if shown.isdecimal() else -1, at=now)
        except selling.ReadOnly as error:
            return _shown(request, wish, {"refusal": REFUSALS[type(error)][1]}, status=503)
        except asking.Changed:
            has_changed = True
        except withdrawals.LinkUsed:
            return _shown(request, wish, {"is_done": True})
        else:
            enqueue(tasks.answer_withdrawals)  # which sends what waits
            return _shown(request, wish, {"is_done": True})
    expected = withdrawals.prospect(wish.order, at=now)
    decision = expected.decision
    context = {
        "shown_minor": expected.amount_minor,
        "sentence": refund_sentences.answer(decision, time_zone=wish.order.time_zone),
        "rule": refund_sentences.rule(decision.rule),
        "consequence": withdrawals.consequence(wish.order, expected),
        "has_changed": has_changed,
    }
    return _shown(request, wish, context, status=409 if has_changed else 200)


def _shown(
    request: HttpRequest, wish: Withdrawal | None, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    order = wish.order if wish else None
    about = {"wish": wish, "order": order, "title": order.offer.target.title if order else ""}
    response = render(request, "billing/withdrawal.html", about | context, status=status)
    # The address is the key; without any referrer a browser names no origin when the button posts.
    response["Referrer-Policy"] = "same-origin"
    return response
