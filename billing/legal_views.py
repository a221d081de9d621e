"""What everybody can read before he buys: who sells, on which terms, what is kept of him."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from billing.consenting import refund_policy
from billing.models import LegalText


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "billing/imprint.html")


@require_safe
def terms(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """The edition in force, or an earlier one: an order leads to the one that was agreed to."""
    return _text(request, LegalText.Kind.TERMS, number)


@require_safe
def privacy(request: HttpRequest, number: int | None = None) -> HttpResponse:
    return _text(request, LegalText.Kind.PRIVACY, number)


@require_safe
def refunds(request: HttpRequest) -> HttpResponse:
    """The words that stand at the till, of every law; a test holds them to the rules that decide."""
    laws = refund_policy.by_law(language=get_language() or "en", at=timezone.now())
    context = {"laws": laws, "take_down_days": settings.TAKE_DOWN_REFUND_DAYS}
    return render(request, "billing/refund_policy.html", context)


def _text(request: HttpRequest, kind: LegalText.Kind, number: int | None) -> HttpResponse:
    in_force = LegalText.objects.in_force(kind, at=timezone.now()).first()
    text = get_object_or_404(LegalText, kind=kind, number=number) if number else in_force
    context = {"kind": kind, "text": text, "is_in_force": text == in_force, "days": _days()}
    return render(request, "billing/legal_text.html", context, status=200 if text else 404)


def _days() -> dict[str, int]:
    return {
        "mails": settings.KEEP_MAILS_DAYS,
        "codes": settings.KEEP_SIGN_IN_CODES_DAYS,
        "devices": settings.KEEP_DEVICES_DAYS,
        "unpaid": settings.KEEP_UNPAID_ORDERS_DAYS,
    }
