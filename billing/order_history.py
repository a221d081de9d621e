"""All that is known of one order, in the order in which it happened: for who has to answer a buyer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from accounts.models import Mail
from billing.models import (
    Company,
    Consent,
    Dispute,
    DisputeAnswer,
    FraudWarning,
    Order,
    Payment,
    Refund,
    StripeEvent,
    UnpaidRenewal,
)
from billing.models.attempts import Attempt
from videos import money
from videos.models import Entitlement, PlaybackSession
from videos.watching import play_history

_AT_MOST = 100
_OFFICE_KINDS = ("inquiry", "dispute", "fraud")
_REFUSALS = {Payment.State.REFUSED, Payment.State.ABANDONED}


@dataclass(frozen=True)
class Moment:
    """Something that happened, and the row that tells of it. `tone` is good, bad, waiting or empty."""

    at: datetime
    what: str
    detail: str = ""
    tone: str = ""
    row: Model | None = None


def tell(order: Order) -> list[Moment]:
    """This will tell an order's story, oldest first, in twelve queries however long it is, and two more for
    a membership's.
    """
    payments = list(order.payments.order_by("number"))
    refunds = list(order.refunds.select_related("asked_by").order_by("number"))
    disputes = list(order.disputes.order_by("id"))
    warnings = list(order.fraud_warnings.order_by("id"))
    renewals = _unpaid_renewals(order)
    spoken = [*(each.dispute_id for each in disputes), *(each.warning_id for each in warnings)]
    intents = [each.intent_id for each in renewals]
    answers = DisputeAnswer.objects.filter(dispute__in=disputes).select_related("asked_by", "dispute")
    rights = list(Entitlement.objects.filter(reference=order.reference).select_related("video", "collection"))
    moments = [
        _opened(order),
        *_consented(order),
        *(moment for payment in payments for moment in _attempt(payment)),
        *(moment for refund in refunds for moment in _refund(refund)),
        *(moment for dispute in disputes for moment in _dispute(dispute)),
        *map(_named, order.companies.order_by("number")),
        *map(_warning, warnings),
        *(moment for answer in answers for moment in _answer(answer)),
        *(moment for renewal in renewals for moment in _renewal(renewal)),
        *_events(order, payments, [*(each.refund_id for each in refunds), *spoken, *intents]),
        *(moment for right in rights for moment in _right(right)),
        *_mails(order, spoken),
        *_plays(rights),
    ]
    return sorted(moments, key=lambda moment: moment.at)


def _opened(order: Order) -> Moment:
    detail = f"{order.offer} · {order.total_text} · {order.email} · {order.language} · {order.time_zone}"
    return Moment(order.created_at, _("Order opened"), detail)


def _consented(order: Order) -> Iterator[Moment]:
    for consent in Consent.objects.filter(order=order):
        said = _("Ticked the box of the terms") if consent.wanted_at_once else _("Was shown the terms")
        yield Moment(consent.given_at, said, f"{consent} · {consent.fingerprint}")


def _attempt(payment: Payment) -> Iterator[Moment]:
    amount = money.format_amount(payment.amount_minor, payment.currency)
    sent = _("Attempt %(number)d sent to Stripe") % {"number": payment.number}
    yield from _tried(payment, sent, f"{amount} · {payment.confirmation_token}", payment.charge_id, payment)


def _tried(attempt: Attempt, sent: str, detail: str, charge_id: str, row: Model) -> Iterator[Moment]:
    number = {"number": attempt.number}
    tone = "waiting" if attempt.is_undecided else ""
    yield Moment(attempt.sent_at, sent, detail, tone, row)
    if attempt.challenge_url:
        asked = _("Attempt %(number)d: the bank asked the buyer (3-D Secure)") % number
        yield Moment(attempt.sent_at, asked, tone=tone, row=row)
    if attempt.decided_at is None:
        return
    outcome = _("Attempt %(number)d: %(state)s") % {**number, "state": attempt.get_state_display()}
    tone = "bad" if attempt.state in _REFUSALS else "good"
    yield Moment(attempt.decided_at, outcome, attempt.decline_code or charge_id, tone, row)


def _unpaid_renewals(order: Order) -> list[UnpaidRenewal]:
    """Those of the membership that the order began or went on with."""
    if not order.offer.is_membership:
        return []
    of_its_membership = UnpaidRenewal.objects.filter(membership__periods__order=order)
    return list(of_its_membership.prefetch_related("payments").order_by("id")[:_AT_MOST])


def _renewal(renewal: UnpaidRenewal) -> Iterator[Moment]:
    named = {"amount": renewal.amount_text, "state": renewal.get_state_display()}
    tone = "waiting" if renewal.is_open else ""
    unpaid = _("A renewal of %(amount)s was not paid by itself") % named
    yield Moment(renewal.noted_at, unpaid, renewal.decline_code or renewal.invoice_id, tone, renewal)
    for payment in sorted(renewal.payments.all(), key=lambda each: each.number):
        sent = _("Attempt %(number)d of the member's to pay the renewal") % {"number": payment.number}
        yield from _tried(payment, sent, payment.confirmation_token, "", renewal)
    if renewal.closed_at:
        tone = "good" if renewal.state == UnpaidRenewal.State.PAID else "bad"
        yield Moment(renewal.closed_at, _("Renewal of %(amount)s: %(state)s") % named, "", tone, renewal)


def _refund(refund: Refund) -> Iterator[Moment]:
    named = {"number": refund.number, "amount": refund.amount_text}
    who = str(refund.asked_by or refund.get_asker_display())
    why = " · ".join(filter(None, [who, refund.get_reason_display(), refund.rule, refund.note]))
    tone = "waiting" if refund.succeeded_at is None and refund.is_live else ""
    yield Moment(refund.asked_at, _("Refund %(number)d asked: %(amount)s") % named, why, tone, refund)
    if refund.succeeded_at:
        yield Moment(
            refund.succeeded_at,
            _("Refund %(number)d: %(amount)s given back") % named,
            tone="good",
            row=refund,
        )
    if refund.failed_at:
        told = _("Refund %(number)d failed: %(amount)s") % named
        yield Moment(refund.failed_at, told, refund.failed_because, "bad", refund)


def _dispute(dispute: Dispute) -> Iterator[Moment]:
    named = {"amount": dispute.amount_text, "state": dispute.get_state_display()}
    why = " · ".join(filter(None, [dispute.dispute_id, dispute.reason, dispute.network_reason]))
    tone = "" if dispute.is_closed else "waiting"
    yield Moment(dispute.opened_at, _("The bank disputes %(amount)s") % named, why, tone, dispute)
    if dispute.closed_at:
        tone = "bad" if dispute.state == Dispute.State.LOST else "good"
        yield Moment(dispute.closed_at, _("Dispute over %(amount)s: %(state)s") % named, "", tone, dispute)


def _named(company: Company) -> Moment:
    detail = " · ".join(filter(None, [company.name, company.country, company.tax_id]))
    return Moment(company.given_at, _("The buyer named a company"), detail)


def _warning(warning: FraudWarning) -> Moment:
    tone = "waiting" if warning.is_actionable else ""
    return Moment(warning.warned_at, _("The bank warns of fraud"), warning.fraud_type, tone, warning)


def _answer(answer: DisputeAnswer) -> Iterator[Moment]:
    named = {"kind": answer.get_kind_display(), "state": answer.get_state_display()}
    tone = "waiting" if answer.answered_at is None else ""
    told = _("The bank is answered: %(kind)s") % named
    yield Moment(answer.asked_at, told, f"{answer.asked_by} · {answer.note}", tone, answer.dispute)
    if answer.answered_at:
        tone = "good" if answer.is_live else "bad"
        told = _("Answer to the bank: %(state)s") % named
        yield Moment(answer.answered_at, told, answer.refused_because, tone, answer.dispute)


def _events(order: Order, payments: list[Payment], others: list[str | None]) -> Iterator[Moment]:
    objects = {order.intent_id, *(payment.intent_id for payment in payments), *others}
    objects |= {payment.charge_id for payment in payments}
    events = StripeEvent.objects.filter(object_id__in=objects - {None, ""}).order_by("received_at", "id")
    for event in events[:_AT_MOST]:
        outcome = event.outcome or (_("not processed yet") if event.processed_at is None else "")
        tone = "waiting" if event.processed_at is None else ""
        told = _("Stripe told us: %(type)s") % {"type": event.type}
        yield Moment(event.received_at, told, f"{event.event_id} · {outcome}", tone, event)


def _right(right: Entitlement) -> Iterator[Moment]:
    target = str(right.video or right.collection or _("Everything"))
    yield Moment(right.starts_at, _("Right to watch given"), target, "good", right)
    if right.revoked_at:
        yield Moment(right.revoked_at, _("Right to watch taken away"), right.revoked_because, "bad", right)
    if right.ends_at:
        yield Moment(right.ends_at, _("Right to watch ends"), target, row=right)


def _mails(order: Order, spoken: list[str]) -> Iterator[Moment]:
    """Those to the buyer, those to the office about what banks said, and what went to an address before."""
    named = {f"refund-request:{order.reference}", f"receipt:{order.reference}"}
    named |= {f"{kind}-office:{each}:{order.reference}" for kind in _OFFICE_KINDS for each in spoken}
    for number in range(1, order.email_corrections + 1):
        named |= {f"{kind}:{number}:{order.reference}" for kind in ("receipt-again", "address-corrected")}
    its = Q(cause__endswith=order.reference, to=order.email) | Q(cause__in=named)
    for mail in Mail.objects.filter(its).order_by("id")[:_AT_MOST]:
        template = {"template": mail.template}
        if mail.first_sent_at:
            yield Moment(mail.first_sent_at, _("Mail sent: %(template)s") % template, mail.to, "good", mail)
        if mail.sent_at and mail.sent_at != mail.first_sent_at:
            yield Moment(mail.sent_at, _("Mail sent again: %(template)s") % template, mail.to, "good", mail)
        if not mail.sent_at:
            tone, detail = "bad" if mail.error else "waiting", f"{mail.to} · {mail.error}".rstrip(" ·")
            yield Moment(mail.created_at, _("Mail waits: %(template)s") % template, detail, tone, mail)


def _plays(rights: list[Entitlement]) -> Iterator[Moment]:
    sessions = PlaybackSession.objects.filter(entitlement__in=rights)
    for play in play_history.of(sessions, at_most=_AT_MOST):
        yield Moment(play.at, play.what, play.detail, play.tone, play.session)
