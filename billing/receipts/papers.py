"""What a receipt and a credit note say: who sold what to whom, the tax within, and what went back since.

One description, from which the page and the PDF are made, so that they never differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.models import Company, Order, Refund
from billing.receipts import companies
from billing.taxing import businesses, tax_ids
from billing.taxing.businesses import Treatment
from videos import money


@dataclass(frozen=True)
class Line:
    """A row of the sheet: what it is for and how much. Quiet ones explain the one above."""

    label: str
    amount: str
    is_sum: bool = False
    is_quiet: bool = False


@dataclass(frozen=True)
class Paper:
    """A sheet in the reader's language, ready to be read. `number` is "" where none was given.

    `company` and `credit_notes` are the rows that it tells of.
    """

    title: str
    number: str
    file_name: str
    made_at: datetime
    seller: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    company: Company | None = None
    credit_notes: tuple[Refund, ...] = ()


def receipt(order: Order) -> Paper:
    """This will write the receipt of a paid order; it is the same for everybody who may see the order.

    What went back counts once Stripe took it on, and no more once it came back from the bank.
    """
    company = companies.of(order)
    noted = tuple(order.refunds.exclude(credit_note_number=None).order_by("credit_note_number"))
    return Paper(
        title=_("Receipt"),
        number=_number(order.receipt_number),
        file_name=f"receipt-{order.receipt_number or order.reference[:8]}.pdf",
        made_at=order.paid_at or order.created_at,
        seller=_seller(),
        facts=((_("Paid on"), _moment(order.paid_at, order)), *_about(order, company)),
        lines=(*_sale(order), *_credits(order, noted)),
        notes=_about_tax(order, company),
        company=company,
        credit_notes=noted,
    )


def credit_note(refund: Refund) -> Paper:
    """This will write the credit note of a refund that Stripe took on.

    It stays what was issued also where the bank sent the money back; then it says so.
    """
    order = refund.order
    tax = Line(_tax_label(order), _minus(refund.tax_minor, order), is_quiet=True)
    net = Line(_("Without tax"), _minus(refund.amount_minor - refund.tax_minor, order), is_quiet=True)
    came_back = _(
        "The bank sent this money back to us: this credit note no longer counts, and the receipt says what "
        "does."
    )
    return Paper(
        title=_("Credit note"),
        number=_number(refund.credit_note_number),
        file_name=f"credit-note-{refund.credit_note_number}.pdf",
        made_at=refund.credited_at or refund.asked_at,
        seller=_seller(),
        facts=(
            (_("Issued on"), _moment(refund.credited_at, order)),
            (_("Corrects receipt"), f"{_number(order.receipt_number)} · {_day(order.paid_at, order)}"),
            *_about(order, companies.of(order)),
        ),
        lines=(
            Line(_what(order), _minus(refund.amount_minor, order)),
            Line(_("Given back"), _minus(refund.amount_minor, order), is_sum=True),
            *([net, tax] if order.tax_minor else [Line(_("Tax"), _("None"), is_quiet=True)]),
        ),
        notes=(came_back,) if refund.state == Refund.State.FAILED else (),
    )


def _sale(order: Order) -> Iterator[Line]:
    credit_minor = order.credit_minor
    yield Line(_what(order), _amount(order.total_minor + order.discount_minor + credit_minor, order))
    if credit_minor:
        yield Line(_("Less the days you have paid for and not used"), _minus(credit_minor, order))
    if order.discount_minor:
        yield Line(_("Taken off by your coupon"), _minus(order.discount_minor, order))
    yield Line(_("Paid"), order.total_text, is_sum=True)
    if order.tax_minor:
        yield Line(_("Without tax"), _amount(order.total_minor - order.tax_minor, order), is_quiet=True)
        yield Line(_tax_label(order), order.tax_text, is_quiet=True)
    else:
        yield Line(_("Tax"), _("None"), is_quiet=True)


def _credits(order: Order, noted: tuple[Refund, ...]) -> Iterator[Line]:
    counting = [each for each in noted if each.state != Refund.State.FAILED]
    for refund in counting:
        said = {"day": _day(refund.credited_at, order), "number": refund.credit_note_number}
        label = _("Given back, %(day)s (credit note %(number)s)") % said
        yield Line(label, _minus(refund.amount_minor, order))
        if order.tax_minor:
            yield Line(_("of it tax"), _minus(refund.tax_minor, order), is_quiet=True)
    if counting:
        left = order.total_minor - sum(refund.amount_minor for refund in counting)
        yield Line(_("Left"), _amount(left, order), is_sum=True)
    if counting and order.tax_minor:
        tax = order.tax_minor - sum(refund.tax_minor for refund in counting)
        yield Line(_("of it tax"), _amount(tax, order), is_quiet=True)


def _seller() -> tuple[str, ...]:
    lines = [settings.SELLER_NAME, *map(str.strip, settings.SELLER_ADDRESS.split(";"))]
    if settings.SELLER_REGISTRATION:
        lines.append(_("Registration: %(number)s") % {"number": settings.SELLER_REGISTRATION})
    if settings.SELLER_VAT_ID:
        lines.append(_("VAT ID: %(number)s") % {"number": settings.SELLER_VAT_ID})
    return tuple(line for line in lines if line)


def _about(order: Order, company: Company | None) -> Iterator[tuple[str, str]]:
    yield _("Order number"), order.reference
    yield _("Receipt to"), order.email_masked
    if company is not None:
        country = tax_ids.COUNTRIES.get(company.country, company.country)
        yield _("Bought by"), f"{company.name}\n{company.address}\n{country}"
    if company is not None and company.tax_id:
        yield _("Tax ID"), company.tax_id


def _about_tax(order: Order, company: Company | None) -> tuple[str, ...]:
    """Where a business in the Union would owe the tax itself, but it was taken as from a consumer."""
    if company is None or not order.tax_minor:
        return ()
    how = businesses.treatment(
        seller=settings.SELLER_COUNTRY, buyer=company.country, has_tax_id=bool(company.tax_id)
    )
    if how is not Treatment.REVERSE_CHARGE:
        return ()
    return (
        _(
            "The tax ID was given after the purchase, so tax was taken as from a consumer. "
            "This is no invoice under reverse charge."
        ),
    )


def _what(order: Order) -> str:
    return f"{order.offer.target.title} · {order.offer.label}"


def _tax_label(order: Order) -> str:
    said = {"rate": order.tax_rate_text, "country": order.tax_country}
    return _("Tax %(rate)s (%(country)s), within the price") % said


def _number(number: int | None) -> str:
    return _("No. %(number)s") % {"number": number} if number else ""


def _amount(minor: int, order: Order) -> str:
    return money.format_amount(minor, order.currency)


def _minus(minor: int, order: Order) -> str:
    return money.format_amount(-minor, order.currency)


def _moment(at: datetime | None, order: Order) -> str:
    zone = ZoneInfo(order.time_zone)
    return f"{date_format(at.astimezone(zone), 'DATETIME_FORMAT')} ({order.time_zone})" if at else ""


def _day(at: datetime | None, order: Order) -> str:
    return date_format(at.astimezone(ZoneInfo(order.time_zone)), "DATE_FORMAT") if at else ""
