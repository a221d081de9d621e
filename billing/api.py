"""Buying, for the page's own script.

Each answer holds a code for the script and a sentence for the person.
"""

from dataclasses import asdict
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import tasks as mail
from accounts.api_refusals import refuse
from accounts.identity import Viewer, viewer_of
from accounts.jobs import enqueue
from accounts.models import normalize_email
from accounts.page_api import read_body
from billing.buying import checkout, checkout_links, order_taking, panel_context, selling
from billing.buying.refusal_sentences import REFUSALS, NoAddress
from billing.guarding import gate
from billing.guarding.work import MOST_PARTS, Work
from billing.settling import order_status
from billing.stripe.intents import StripeUnavailable
from videos import catalogue
from videos.api import TicketSerializer

_NO_CARD = "Left out where a coupon leaves nothing to pay."
_WORK = (
    "Left out, until the answer is `work_wanted`: then `task.token`, with a number for each of `task.parts`."
)
_BOX = "Whether the box of the terms was ticked, where the panel shows one."


class StatusSerializer(serializers.Serializer[Any]):
    """`state`: paid, disputed, challenge, asking, refused, open or canceled. Disputed is what was paid, where
    a bank holds the money or has given it back.

    `playback` is there once a paid film may start.
    """

    order = serializers.CharField(source="order.reference")
    state = serializers.CharField()
    sentence = serializers.CharField()
    decline_code = serializers.CharField()
    challenge_url = serializers.CharField()
    playback = TicketSerializer(allow_null=True)
    receipt_html = serializers.CharField()


def answer(request: Request, viewer: Viewer, status: order_status.Status) -> Response:
    """Where an order stands, with what its page needs."""
    is_paid, browser = status.state == "paid", request.headers.get("User-Agent", "")
    ticket = (
        order_status.ticket(viewer, status.order, at=timezone.now(), user_agent=browser) if is_paid else None
    )
    receipt = (
        render_to_string("billing/_receipt.html", panel_context.receipt(status.order)) if is_paid else ""
    )
    return Response(
        {
            "order": status.order.reference,
            "state": status.state,
            "sentence": status.sentence,
            "decline_code": status.decline_code,
            "challenge_url": status.challenge_url,
            "playback": asdict(ticket) if ticket else None,
            "receipt_html": receipt,
        },
        status=202 if status.state in ("asking", "challenge") else 200,
    )


class Orders(APIView):
    class InputSerializer(serializers.Serializer[Any]):
        quote = serializers.CharField(max_length=1000)
        confirmation_token = serializers.RegexField(
            r"\A(ctoken|pm)_[A-Za-z0-9_]{4,56}\Z", required=False, default="", help_text=_NO_CARD
        )
        email = serializers.EmailField(
            required=False,
            max_length=254,
            error_messages={
                "invalid": gettext_lazy("Check the e-mail address: your film is sent there."),
                "max_length": gettext_lazy("Check the e-mail address: your film is sent there."),
            },
        )
        time_zone = serializers.CharField(max_length=50, default="UTC")
        work_token = serializers.CharField(max_length=500, required=False, default="", help_text=_WORK)
        work_numbers = serializers.ListField(
            child=serializers.IntegerField(min_value=0, max_value=2**53),
            max_length=MOST_PARTS,
            required=False,
            default=list,
        )
        has_agreed = serializers.BooleanField(default=False, help_text=_BOX)

    @extend_schema(request=InputSerializer, responses={200: StatusSerializer, 202: StatusSerializer})
    def post(self, request: Request) -> Response:
        """Pay: one quote, one card. The same quote again is the same order; nothing is ever charged twice."""
        asked = read_body(request, self.InputSerializer)
        now, viewer = timezone.now(), viewer_of(request._request)
        try:
            buyer = _buyer(request, asked)
            begun = checkout.pay(
                buyer,
                quote=asked["quote"],
                confirmation_token=asked["confirmation_token"],
                work=Work(asked["work_token"], asked["work_numbers"]),
                at=now,
            )
        except order_taking.Underway as error:
            return answer(request, viewer, order_status.find_out(error.order, at=now))
        except gate.WorkWanted as error:
            return refuse(*REFUSALS[gate.WorkWanted], task=asdict(error.task))
        except tuple(REFUSALS) as error:
            return refuse(*REFUSALS[type(error)])
        enqueue(mail.send_mail)
        return answer(request, viewer, order_status.tell(begun.order, begun.payment))


def _buyer(request: Request, given: dict[str, Any]) -> order_taking.Buyer:
    plain = request._request
    user = plain.user
    email = user.email if user.is_authenticated else normalize_email(given.get("email", ""))
    if not email:
        raise NoAddress
    zone = given["time_zone"] if given["time_zone"] in _time_zones() else "UTC"
    return order_taking.Buyer(
        viewer_of(plain),
        email,
        language=get_language() or "en",
        time_zone=zone,
        has_agreed=given["has_agreed"],
    )


@cache
def _time_zones() -> set[str]:
    return available_timezones()  # walks through hundreds of files


class OrderStatus(APIView):
    @extend_schema(responses={200: StatusSerializer, 202: StatusSerializer})
    def get(self, request: Request, reference: str) -> Response:
        """Where an order of the caller's stands; Stripe is asked while that is open."""
        viewer = viewer_of(request._request)
        order = order_status.get_order_for(viewer, reference)
        return answer(request, viewer, order_status.find_out(order, at=timezone.now()))


class AnotherCard(APIView):
    @extend_schema(request=None, responses={200: StatusSerializer})
    def post(self, request: Request, reference: str) -> Response:
        """Give up the bank's question, so that another card can be used.

        A challenge passed just now is a sale.
        """
        now, viewer = timezone.now(), viewer_of(request._request)
        order = order_status.get_order_for(viewer, reference)
        try:
            order = checkout.use_another_card(order, at=now)
        except StripeUnavailable:
            return refuse(*REFUSALS[StripeUnavailable])
        return answer(request, viewer, order_status.tell(order))


class CheckoutLinks(APIView):
    class InputSerializer(serializers.Serializer[Any]):
        email = serializers.EmailField(max_length=254)
        kind = serializers.ChoiceField(["videos", "collections"])
        slug = serializers.SlugField(max_length=50)

    @extend_schema(request=InputSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Mail a link to this checkout. The answer is the same whether or not a mail was sent before."""
        given = read_body(request, self.InputSerializer)
        target = catalogue.in_shop(given["kind"], given["slug"], at=timezone.now())
        if target is None:
            raise Http404
        try:
            selling.check_wishes()
            checkout_links.send(
                target, email=given["email"], language=get_language() or "en", at=timezone.now()
            )
        except (selling.ReadOnly, gate.TooHot) as error:
            return refuse(*REFUSALS[type(error)])
        enqueue(mail.send_mail)
        return Response(
            {"code": "sent", "sentence": _("Sent. The mail holds a link to this page.")}, status=202
        )
