"""The evidence for a bank, put together from the shop's own rows. In English, which every bank reads."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.utils import translation

from accounts.models import Mail
from billing.consenting import consents
from billing.models import Consent, Dispute, Order
from billing.refunding import facts, refund_sentences
from billing.refunding.cases import Kind, Reason
from billing.refunding.rule_table import in_force
from videos.models import Entitlement, PlaybackSession, WatchProgress

# What Stripe takes of one text. https://docs.stripe.com/api/disputes/evidence_object
AT_MOST: Final = 20_000
_LINES_AT_MOST: Final = 150


def pack(dispute: Dispute, *, at: datetime) -> dict[str, str]:
    """This will put together what the shop knows, each text under Stripe's name for it."""
    order = Order.objects.select_related("user", "offer__video", "offer__collection").get(pk=dispute.order_id)
    rights = list(Entitlement.objects.filter(reference=order.reference).order_by("id"))
    with translation.override("en"):
        texts = {
            "customer_email_address": [order.email],
            "service_date": [_day(order.paid_at)] if order.paid_at else [],
            "product_description": _product(order),
            "access_activity_log": _access(order, rights, at=at),
            "refund_policy_disclosure": _refund_policy(order),
            "uncategorized_text": _purchase(order),
        }
        return {name: text for name, lines in texts.items() if (text := _joined(lines))}


def _joined(lines: Iterable[str]) -> str:
    """The lines as one text that Stripe takes: a longer one says that it goes on."""
    text = "\n".join(lines)
    return text if len(text) <= AT_MOST else f"{text[: AT_MOST - 10]}\n(cut)"


def _product(order: Order) -> Iterator[str]:
    target = order.offer.target
    yield f"{target.title}: a film to watch online ({order.offer.get_kind_display()}), no physical goods."
    yield f"Sold by {settings.SELLER_NAME} at {settings.SITE_URL}{target.get_absolute_url()}"
    yield "It can be watched from the moment of payment."


def _purchase(order: Order) -> Iterator[str]:
    yield f"Order {order.reference}, opened {_moment(order.created_at)}"
    yield f"Amount: {order.total_text}, paid {_moment(order.paid_at)}"
    yield f"E-mail address given: {order.email}"
    yield f"Language and time zone of the browser: {order.language}, {order.time_zone}"
    if order.user:
        yield f"Bought with an account at the shop, last signed in {_moment(order.user.last_login)}"
    yield ""
    yield "Attempts to pay:"
    for payment in order.payments.order_by("number"):
        asked = ", 3-D Secure question of the issuer" if payment.challenge_url else ""
        yield f"- {_moment(payment.sent_at)}: {payment.state} {payment.charge_id}{asked}".rstrip()
    yield ""
    yield "Mails to the buyer:"
    mails = Mail.objects.filter(cause__endswith=order.reference, to=order.email).order_by("id")
    for mail in mails[:_LINES_AT_MOST]:
        sent = _moment(mail.first_sent_at) if mail.first_sent_at else "not sent"
        yield f"- {sent}: {mail.template}"
    refunds = order.refunds.order_by("number")
    if refunds:
        yield ""
        yield "Refunds of this order:"
        for refund in refunds:
            yield f"- {_moment(refund.asked_at)}: {refund.amount_text}, {refund.state}"


def _access(order: Order, rights: list[Entitlement], *, at: datetime) -> Iterator[str]:
    """When it was played and for how long. The player tells the minutes; the shop tells the times."""
    for right in rights:
        yield f"Access given {_moment(right.starts_at)}"
    sessions = PlaybackSession.objects.filter(entitlement__in=rights).select_related("video", "viewer_code")
    newest = list(sessions.order_by("-opened_at", "-id")[:_LINES_AT_MOST])
    if not newest:
        yield "It was not played."
        return
    viewers, films = {each.viewer_code_id for each in newest}, {each.video_id for each in newest}
    titles = {each.video_id: each.video.title for each in {one.video_id: one for one in newest}.values()}
    watched = facts.case_of(order, reason=Reason.OTHER, at=at).watched
    yield f"Links to play it were open for {watched.granted_seconds // 60} min in all"
    seen = WatchProgress.objects.filter(viewer_code__in=viewers, video__in=films)
    for progress in seen.order_by("id"):
        minutes = f"{progress.watched_seconds // 60} min {progress.watched_seconds % 60} s"
        until = f"last report {_moment(progress.reported_at)}"
        yield f"Watched {minutes} of {titles[progress.video_id]} as reported by the player, {until}"
    yield ""
    yield "Playback, newest first:"
    for each in newest:
        player = f"player {each.player_id}" if each.player_id else "no player asked for it"
        player += ", to be kept on a device" if each.is_to_keep else ""
        yield f"- {_moment(each.opened_at)}: {titles[each.video_id]}, link {each.reference}, {player}"


def _refund_policy(order: Order) -> Iterator[str]:
    yield from _consent(order)
    rulebook = in_force(order.paid_at or order.created_at)
    yield f"Rules of {rulebook.name}, shown on the order's page with what each would give:"
    for rule in rulebook.rules:
        if Kind(order.offer.kind) in rule.kinds:
            yield f"- {refund_sentences.rule(rule.name)}"


def _consent(order: Order) -> Iterator[str]:
    """The words that stood at the till, as they stood there."""
    consent = Consent.objects.filter(order=order).first()
    shown = consents.words(consent) if consent else None
    if consent is None or shown is None:
        return
    yield f"Shown before payment, {_moment(consent.given_at)} (terms {consent}):"
    yield from filter(None, [shown.notice, shown.box])
    if shown.box:
        yield "The box was ticked." if consent.wanted_at_once else "The box was not ticked."
    yield ""


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if at else "never"


def _day(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d")
