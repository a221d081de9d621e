"""Where an order stands, in the words that a page or its script shows."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.identity import Viewer
from billing.disputing import dispute_page
from billing.models import Order, Payment, PlanChange
from billing.settling import fulfilment, outcomes
from billing.settling.decline_sentences import sentence as decline_sentence
from billing.settling.fulfilment import TRIAL_USED
from billing.stripe.intents import StripeUnavailable
from videos import playback
from videos.models import Video
from videos.watching import leases

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """`state` is one of paid, disputed, challenge, asking, refused, open, canceled."""

    order: Order
    state: str
    sentence: str
    decline_code: str = ""
    challenge_url: str = ""


def get_order_for(viewer: Viewer, reference: str) -> Order:
    """This will find an order of this viewer.

    :raises Http404: there is none, or it is another's; both look alike.
    """
    if viewer.is_nobody:
        raise Http404
    order = (
        Order.objects.held_by(viewer)
        .select_related("offer__video", "offer__collection", "terms")
        .filter(reference=reference)
        .first()
    )
    if order is None:
        raise Http404
    return order


def find_out(order: Order, *, at: datetime) -> Status:
    """This will tell where the order stands, after asking Stripe if it is not decided.

    Stripe silent: as last known.
    """
    payment = order.payments.undecided().select_related("order").first()
    if payment is not None:
        try:
            outcomes.look_for_buyer(payment, at=at)
        except (StripeUnavailable, fulfilment.Mismatch):
            logger.warning("outcome not found out", extra={"order": order.reference})
    if not order.is_paid:  # as it was read: another witness may have settled it since
        order.refresh_from_db(fields=["state", "intent_id", "paid_at"])
    return tell(order)


def tell(order: Order, latest: Payment | None = None) -> Status:
    """This will tell where the order stands by what we know ourselves.

    `latest` is its latest attempt, where the caller has just had to do with it.
    """
    if order.is_paid:
        return _paid(order, latest)
    payment = latest or order.payments.order_by("-number").first()
    if payment is not None and payment.decline_code == TRIAL_USED:
        return Status(order, "refused", str(decline_sentence(TRIAL_USED)), decline_code=TRIAL_USED)
    if (payment is None or not payment.is_undecided) and _is_change(order):
        return _unchanged(order, payment)
    if order.state == Order.State.CANCELED:
        return Status(order, "canceled", _("This order was closed, and nothing was charged."))
    if payment is None or payment.state == Payment.State.ABANDONED:
        return Status(order, "open", _("Nothing was charged. You can pay with another card."))
    if payment.state == Payment.State.SUCCEEDED:  # it was settled since the order was read
        order.refresh_from_db(fields=["state", "intent_id", "paid_at"])
        return tell(order)
    if payment.state == Payment.State.CHALLENGED:
        words = _("Your bank wants to know that it is you.")
        return Status(order, "challenge", words, challenge_url=payment.challenge_url)
    if payment.state == Payment.State.REFUSED:
        words = str(decline_sentence(payment.decline_code))
        return Status(order, "refused", words, decline_code=payment.decline_code)
    return Status(
        order, "asking", _("We are asking your bank. Nothing is charged twice; this can take a minute.")
    )


def _paid(order: Order, latest: Payment | None) -> Status:
    if order.is_refunded:
        return Status(order, "paid", _("Paid, and all of it given back. The film is no longer yours."))
    if latest is None and (taken := dispute_page.taken(order)):
        return Status(order, "disputed", taken)
    if order.is_trial:
        words = _("Your free days have begun, and nothing was charged. The film is ready.")
    elif order.is_free:
        words = _("It is yours, and nothing was charged. The film is ready.")
    elif _is_change(order):
        words = _("Paid. Your plan has changed.")
    else:
        words = _("Paid. The film is ready.")
    return Status(order, "paid", words)


def _is_change(order: Order) -> bool:
    return order.offer.is_membership and PlanChange.objects.filter(order=order).exists()


def _unchanged(order: Order, payment: Payment | None) -> Status:
    """A change of plan that was not paid: what he has goes on, and there is no card to type here."""
    if payment is not None and payment.state == Payment.State.REFUSED:
        words = _(
            "Your card was not charged, and your plan is as it was. Put another card on file, then try again."
        )
        return Status(order, "refused", words, decline_code=payment.decline_code)
    return Status(order, "open", _("Nothing was charged, and your plan is as it was."))


def ticket(viewer: Viewer, order: Order, *, at: datetime, user_agent: str = "") -> playback.Ticket | None:
    """This will open a viewing of a paid order's first film; None where it may not be watched any more, or
    where the buyer watches elsewhere, which the film's page tells him.
    """
    video = first_video(order, at=at)
    if video is None:
        return None
    try:
        return playback.open(viewer, video.slug, resume=True, at=at, user_agent=user_agent)
    except (playback.MayNotWatch, leases.Elsewhere):  # refunded meanwhile, or a rental that has run out
        return None
    except playback.CannotProtect:  # it is paid all the same; the stage says what is wrong
        return None


def first_video(order: Order, *, at: datetime) -> Video | None:
    """This will find the film to start with: the one sold, or the collection's first."""
    target = order.offer.target
    return target if isinstance(target, Video) else target.first_film(at=at)
