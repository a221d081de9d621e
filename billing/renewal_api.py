"""Paying a renewal that failed, for the page's own script: by the mailed link, or as the membership's holder.

Each answer holds a state or a code for the script and a sentence for the person.
"""

from contextlib import suppress
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
from billing.joining import recovering, renewal_page
from billing.joining.renewal_page import LinkExpired, LinkOfAnother
from billing.joining.standings import Standing
from billing.models import UnpaidRenewal
from billing.stripe.intents import StripeUnavailable

_REFUSALS: dict[type[Exception], tuple[str, Promise, int]] = {
    LinkExpired: ("link_expired", _("This link is not good any more, and nothing was charged."), 404),
    LinkOfAnother: (
        "link_of_another",
        _("This link belongs to another account, and nothing was charged. Sign out, then open it again."),
        403,
    ),
    recovering.NoCardOnFile: (
        "no_card",
        _("There is no card on file, so nothing was charged. Enter one."),
        409,
    ),
    CardEntryUsed: REFUSALS[CardEntryUsed],
    recovering.TooMany: (
        "too_many",
        _("Too many cards were tried since yesterday, and nothing was charged. Try again tomorrow."),
        429,
    ),
    selling.ReadOnly: REFUSALS[selling.ReadOnly],
    StripeUnavailable: REFUSALS[StripeUnavailable],
}


class StandingSerializer(serializers.Serializer[Any]):
    """`order` is the attempt's number. `state`: paid, changed, ended, challenge, asking, refused or open."""

    order = serializers.CharField(source="number")
    state = serializers.CharField()
    sentence = serializers.CharField()
    decline_code = serializers.CharField()
    challenge_url = serializers.CharField()
    receipt_html = serializers.CharField()


def answer(standing: Standing, *, receipt_html: str) -> Response:
    """This will answer where a try with a card stands, and what the page shows once it is over."""
    told = {
        "order": str(standing.number),
        "state": standing.state,
        "sentence": standing.sentence,
        "decline_code": standing.decline_code,
        "challenge_url": standing.challenge_url,
        "receipt_html": receipt_html,
    }
    return Response(told, status=202 if standing.is_undecided else 200)


class _RenewalView(APIView):
    """Found by `token` or by the order's `reference`; where it cannot be, told why."""

    def find(self, request: Request, token: str = "", reference: str = "") -> UnpaidRenewal:
        viewer = viewer_of(request._request)
        if token:
            return renewal_page.by_link(token, viewer, at=timezone.now())
        return renewal_page.of_order(viewer, reference)

    def handle_exception(self, exc: Exception) -> Response:
        if type(exc) in _REFUSALS:
            return refuse(*_REFUSALS[type(exc)])
        return super().handle_exception(exc)

    def answer(self, renewal: UnpaidRenewal, standing: Standing) -> Response:
        over = ""
        if standing.is_over:
            over = render_to_string("billing/_renewal_over.html", renewal_page.about(renewal))
        return answer(standing, receipt_html=over)


class RenewalPayments(_RenewalView):
    class InputSerializer(serializers.Serializer[Any]):
        confirmation_token = serializers.RegexField(
            r"\A(ctoken|pm)_[A-Za-z0-9_]{4,56}\Z",
            required=False,
            default="",
            help_text="Left out to pay with the card on file.",
        )

    @extend_schema(request=InputSerializer, responses={200: StandingSerializer, 202: StandingSerializer})
    def post(self, request: Request, **named: str) -> Response:
        """Pay the renewal with one card. However often and from wherever: it is charged once."""
        renewal = self.find(request, **named)
        token = read_body(request, self.InputSerializer)["confirmation_token"]
        with suppress(recovering.NothingToPay):  # told by where it stands
            recovering.pay(renewal, confirmation_token=token, at=timezone.now())
        renewal.refresh_from_db()
        enqueue(mail.send_mail)
        return self.answer(renewal, renewal_page.tell(renewal))


class RenewalPaymentStatus(_RenewalView):
    @extend_schema(responses={200: StandingSerializer, 202: StandingSerializer})
    def get(self, request: Request, number: int, **named: str) -> Response:
        """Where the renewal stands; Stripe is asked while an attempt is open."""
        renewal = self.find(request, **named)
        return self.answer(renewal, renewal_page.find_out(renewal, at=timezone.now()))


class AnotherCardForRenewal(_RenewalView):
    @extend_schema(request=None, responses={200: StandingSerializer})
    def post(self, request: Request, number: int, **named: str) -> Response:
        """Give up the bank's question, so that another card can be used. One answered just now has paid."""
        renewal = self.find(request, **named)
        recovering.use_another_card(renewal, at=timezone.now())
        renewal.refresh_from_db()
        return self.answer(renewal, renewal_page.tell(renewal))
