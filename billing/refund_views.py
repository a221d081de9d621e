"""Asking for a refund: by the page's script, and by the same form where no script runs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import tasks as mail
from accounts.api_refusals import refuse
from accounts.identity import viewer_of
from accounts.jobs import enqueue
from billing.buying import selling
from billing.buying.refusal_sentences import REFUSALS
from billing.models import Order, Refund
from billing.refunding import asking, refund_page
from billing.refunding.cases import Reason
from billing.settling import order_status


class AskSerializer(serializers.Serializer[Any]):
    """`shown`: what the page promised, in minor units; 0 where a person decides."""

    reason = serializers.ChoiceField([reason.value for reason in Reason])
    shown = serializers.IntegerField(min_value=0)
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class AskedSerializer(serializers.Serializer[Any]):
    """`state`: that of the refund, or "asked" where a person decides."""

    state = serializers.CharField()
    sentence = serializers.CharField()
    is_ended = serializers.BooleanField()


class Refunds(APIView):
    @extend_schema(request=AskSerializer, responses={200: AskedSerializer})
    def post(self, request: Request, reference: str) -> Response:
        """Ask for the money of an order of the caller's, for what the page showed. Twice is one refund."""
        order = order_status.get_order_for(viewer_of(request._request), reference)
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            refund = _ask(order, asked.validated_data, user_id=request._request.user.pk)
        except asking.Changed:
            return refuse(
                "changed", _("What you can get back has changed. Reload the page and look once more."), 409
            )
        except asking.NothingToGive:
            return refuse("nothing", _("There is nothing to give back for this."), 409)
        except selling.ReadOnly as error:
            return refuse(*REFUSALS[type(error)])
        enqueue(mail.send_mail)
        order.refresh_from_db(fields=["refunded_minor"])
        return Response(
            {
                "state": refund.state if refund else "asked",
                "sentence": refund_page.told(order, refund),
                "is_ended": refund is not None and refund.is_live and refund.ends_access,
            }
        )


@require_POST
def refund(request: HttpRequest, reference: str) -> HttpResponse:
    """The same by a plain form, which ends on the order's page."""
    order = order_status.get_order_for(viewer_of(request), reference)
    asked = AskSerializer(data=request.POST)
    if asked.is_valid():
        try:
            _ask(order, asked.validated_data, user_id=request.user.pk)
        except (asking.Changed, asking.NothingToGive, selling.ReadOnly):
            return redirect(f"{order.get_absolute_url()}#refund")  # which shows what is possible now
        enqueue(mail.send_mail)
    return redirect(f"{order.get_absolute_url()}#refund")


def _ask(order: Order, given: dict[str, Any], *, user_id: int | None) -> Refund | None:
    selling.check_wishes()
    return asking.ask(
        order,
        reason=Reason(given["reason"]),
        words=given["words"],
        shown_minor=given["shown"],
        asked_by=user_id,
        at=timezone.now(),
    )
