"""What a buyer keeps on paper: the receipt as a page, and receipt and credit notes as PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.identity import viewer_of
from billing.models import Order
from billing.receipts import papers, pdf
from billing.receipts.papers import Paper
from billing.settling import order_status


@require_safe
@never_cache
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """What the buyer paid and to whom, to be printed or kept."""
    order = _paid_order_for(request, reference)
    context = {"order": order, "paper": papers.receipt(order), "credit_notes": papers.credit_notes(order)}
    return render(request, "billing/receipt.html", context)


@require_safe
@never_cache
def receipt_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The same as a file, in the language of the address."""
    return _file(papers.receipt(_paid_order_for(request, reference)))


@require_safe
@never_cache
def credit_note(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What was given back of the order, by the credit note's own number."""
    order = _paid_order_for(request, reference)
    refund = get_object_or_404(order.refunds, credit_note_number=number)
    refund.order = order
    return _file(papers.credit_note(refund))


def _paid_order_for(request: HttpRequest, reference: str) -> Order:
    """There is no paper of what is not paid or costs nothing yet, and none for others.

    :raises Http404: all look alike.
    """
    order = order_status.get_order_for(viewer_of(request), reference)
    if not order.is_paid or order.is_trial:
        raise Http404
    return order


def _file(paper: Paper) -> HttpResponse:
    """To be kept, so a download: a browser's own viewer would need a looser content policy."""
    disposition = content_disposition_header(as_attachment=True, filename=paper.file_name)
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(pdf.write(paper), content_type="application/pdf", headers=headers)
