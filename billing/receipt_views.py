"""What a buyer keeps on paper: the receipt as a page, and receipt and credit notes as PDF.

Who holds the order opens them at its own address, who reads its mail elsewhere by the link in it.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.identity import viewer_of
from billing.company_form import CompanyForm
from billing.models import Order
from billing.receipts import mailed_links, papers
from billing.receipts.papers import Paper
from billing.settling import order_status


@require_safe
@never_cache
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """What the buyer paid and to whom, to be printed or kept."""
    return _own_page(request, _held(request, reference))


@require_POST
@never_cache
def company(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a company on the order's papers, or correct it. Nothing that was charged changes."""
    order, form = _held(request, reference), CompanyForm(request.POST)
    if form.is_valid() and form.put_on(order):
        return redirect(f"{reverse('billing:receipt', args=[order.reference])}#company")
    return _own_page(request, order, form, status=400)


@require_safe
@never_cache
def receipt_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The same as a file, in the language of the address."""
    return _file(papers.receipt(_held(request, reference)))


@require_safe
@never_cache
def credit_note(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What was given back of the order, by the credit note's own number."""
    return _credit_note(_held(request, reference), number)


@require_safe
@never_cache
def mailed_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt for who has its mail, without a way on to the order; who holds the order is sent there."""
    order = _mailed(token)
    if Order.objects.held_by(viewer_of(request)).filter(pk=order.pk).exists():
        return redirect("billing:receipt", order.reference)
    response = render(request, "billing/receipt.html", _papers(order, "mailed_", token))
    response["Referrer-Policy"] = "same-origin"  # the address is the key
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@never_cache
def mailed_receipt_pdf(request: HttpRequest, token: str) -> HttpResponse:
    return _file(papers.receipt(_mailed(token)))


@require_safe
@never_cache
def mailed_credit_note(request: HttpRequest, token: str, number: int) -> HttpResponse:
    return _credit_note(_mailed(token), number)


def _held(request: HttpRequest, reference: str) -> Order:
    return _with_papers(order_status.get_order_for(viewer_of(request), reference))


def _mailed(token: str) -> Order:
    return _with_papers(mailed_links.order_of(token))


def _with_papers(order: Order | None) -> Order:
    """There is no paper of what is not paid or costs nothing yet.

    :raises Http404: nor of what there is not; all look alike.
    """
    if order is None or not order.is_paid or order.is_trial:
        raise Http404
    return order


def _own_page(
    request: HttpRequest, order: Order, form: CompanyForm | None = None, *, status: int = 200
) -> HttpResponse:
    context = _papers(order, "", order.reference)
    form = form or CompanyForm.about(context["paper"].company)
    return render(request, "billing/receipt.html", {**context, "order": order, "form": form}, status=status)


def _papers(order: Order, way: str, key: str) -> dict[str, Any]:
    """The receipt, and where it and the credit notes are to be had as files."""

    def url(what: str, *args: int) -> str:
        return reverse(f"billing:{way}{what}", args=[key, *args])

    paper = papers.receipt(order)
    numbers = [number for each in paper.credit_notes if (number := each.credit_note_number)]
    return {
        "paper": paper,
        "pdf_url": url("receipt_pdf"),
        "credit_notes": [(number, url("credit_note", number)) for number in numbers],
    }


def _credit_note(order: Order, number: int) -> HttpResponse:
    refund = get_object_or_404(order.refunds, credit_note_number=number)
    refund.order = order
    return _file(papers.credit_note(refund))


def _file(paper: Paper) -> HttpResponse:
    """To be kept, so a download: a browser's own viewer would need a looser content policy."""
    from billing.receipts import pdf  # 20 MB and a sixth of a second, which no worker and no command needs

    disposition = content_disposition_header(as_attachment=True, filename=paper.file_name)
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(pdf.write(paper), content_type="application/pdf", headers=headers)
