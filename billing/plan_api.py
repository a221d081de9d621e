"""Changing a plan, for the page's own script. The answers are those of an order."""

from typing import Any, Final

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
from billing.api import StatusSerializer, answer
from billing.buying import selling
from billing.buying.refusal_sentences import REFUSALS
from billing.joining import member_page, plan_change, plan_prospects
from billing.settling import order_status
from billing.stripe.intents import StripeUnavailable

_REFUSALS: Final[dict[type[Exception], tuple[str, Promise, int]]] = {
    plan_prospects.BadWish: (
        "plan_stale",
        _("This was shown more than half an hour ago, and nothing was charged. Look at it once more."),
        409,
    ),
    plan_change.SumChanged: (
        "plan_stale",
        _("The sum is another by now, and nothing was charged. Look at it once more."),
        409,
    ),
    plan_change.MayNotChange: (
        "plan_stale",
        _("Your plan can't be changed to this just now, and nothing was charged. Look at it once more."),
        409,
    ),
    plan_change.TooMany: (
        "too_many",
        _("You have tried this several times today, and nothing was charged. Try again tomorrow."),
        429,
    ),
    **{each: REFUSALS[each] for each in (selling.SellingStopped, StripeUnavailable)},
}


class PlanChanges(APIView):
    class InputSerializer(serializers.Serializer[Any]):
        wish = serializers.CharField(max_length=1000)

    @extend_schema(request=InputSerializer, responses={200: StatusSerializer, 202: StatusSerializer})
    def post(self, request: Request, reference: str) -> Response:
        """Pay the difference and change the plan; the same wish again is the same order."""
        now, viewer = timezone.now(), viewer_of(request._request)
        membership = member_page.get_membership_for(viewer, reference)
        asked = read_body(request, self.InputSerializer)
        try:
            order = plan_change.change(membership, viewer, wish=asked["wish"], at=now)
        except plan_change.Underway as error:
            return answer(request, viewer, order_status.find_out(error.order, at=now))
        except tuple(_REFUSALS) as error:
            return refuse(*_REFUSALS[type(error)])
        enqueue(mail.send_mail)
        return answer(request, viewer, order_status.tell(order))
