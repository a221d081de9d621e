"""Changing the card of a membership, for the page's own script."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import tasks as mail
from accounts.api_refusals import refuse
from accounts.identity import viewer_of
from accounts.jobs import enqueue
from accounts.page_api import read_body
from billing.buying import selling
from billing.buying.order_taking import CardEntryUsed
from billing.buying.refusal_sentences import REFUSALS
from billing.joining import card_change, card_page, member_page
from billing.joining.standings import Standing
from billing.models import Membership
from billing.renewal_api import StandingSerializer, answer
from billing.stripe.intents import StripeUnavailable

_REFUSALS: dict[type[Exception], tuple[str, Promise, int]] = {
    card_change.Over: ("over", _("This membership has ended, and no card is charged for it any more."), 409),
    card_change.PaymentUnderWay: (
        "payment_under_way",
        _("A payment is under way just now. Finish it first, then change the card."),
        409,
    ),
    card_change.TooMany: (
        "too_many",
        _("Too many cards were tried since yesterday, and nothing was charged. Try again tomorrow."),
        429,
    ),
    CardEntryUsed: REFUSALS[CardEntryUsed],
    selling.ReadOnly: REFUSALS[selling.ReadOnly],
    StripeUnavailable: REFUSALS[StripeUnavailable],
}


class _CardView(APIView):
    def find(self, request: Request, reference: str) -> Membership:
        return member_page.get_membership_for(viewer_of(request._request), reference)

    def handle_exception(self, exc: Exception) -> Response:
        if type(exc) in _REFUSALS:
            return refuse(*_REFUSALS[type(exc)])
        return super().handle_exception(exc)

    def answer(self, membership: Membership, standing: Standing, reference: str) -> Response:
        done = ""
        if standing.is_over:
            about = card_page.about(membership) | {"shown_reference": reference}
            done = render_to_string("billing/_card_changed.html", about)
        return answer(standing, receipt_html=done)


class CardChanges(_CardView):
    class InputSerializer(serializers.Serializer[Any]):
        confirmation_token = serializers.RegexField(r"\A(ctoken|pm)_[A-Za-z0-9_]{4,56}\Z")

    @extend_schema(request=InputSerializer, responses={200: StandingSerializer, 202: StandingSerializer})
    def post(self, request: Request, reference: str) -> Response:
        """Let the membership be charged to this card from now on. Nothing is charged by this."""
        membership = self.find(request, reference)
        token = read_body(request, self.InputSerializer)["confirmation_token"]
        begun = card_change.change(membership, confirmation_token=token, at=timezone.now())
        enqueue(mail.send_mail)
        return self.answer(membership, card_page.tell(begun), reference)


class CardChange(_CardView):
    @extend_schema(responses={200: StandingSerializer, 202: StandingSerializer})
    def get(self, request: Request, reference: str, number: int) -> Response:
        """Where a try stands; Stripe is asked while it is open."""
        membership = self.find(request, reference)
        standing = card_page.find_out(membership, number, at=timezone.now())
        enqueue(mail.send_mail)
        return self.answer(membership, standing, reference)


class AnotherCardForMembership(_CardView):
    @extend_schema(request=None, responses={200: StandingSerializer})
    def post(self, request: Request, reference: str, number: int) -> Response:
        """Give up the bank's question, so that another card can be entered."""
        membership = self.find(request, reference)
        card_change.use_another_card(membership, at=timezone.now())
        return self.answer(membership, card_page.find_out(membership, number, at=timezone.now()), reference)
