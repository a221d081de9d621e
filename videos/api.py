"""Playing, for the page's own script."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_refusals import refuse
from accounts.identity import viewer_of
from accounts.page_api import read_body
from videos import playback

_OUR_FAULT = gettext_lazy(
    "The film's protection is not set up at our side, so it can't play yet. Write to us."
)


class TicketSerializer(serializers.Serializer[Any]):
    """The frame's address and for how many seconds it can be used to start; the page asks for a fresh one
    before.
    """

    session = serializers.CharField()
    url = serializers.URLField()
    seconds = serializers.IntegerField()
    resume_seconds = serializers.IntegerField()


class Playback(APIView):
    class InputSerializer(serializers.Serializer[Any]):
        video = serializers.SlugField(max_length=50)
        resume = serializers.BooleanField(default=True)

    @extend_schema(request=InputSerializer, responses=TicketSerializer)
    def post(self, request: Request) -> Response:
        """Open a playback session for a video the caller may watch; 404 for everyone else."""
        asked = read_body(request, self.InputSerializer)
        try:
            ticket = playback.open(
                viewer_of(request._request),
                asked["video"],
                resume=asked["resume"],
                at=timezone.now(),
                user_agent=request.headers.get("User-Agent", ""),
            )
        except playback.MayNotWatch as error:
            raise Http404 from error
        except playback.CannotProtect:
            return refuse("cannot_protect", _OUR_FAULT, 503)
        return Response(asdict(ticket))


class PlaybackLink(APIView):
    @extend_schema(request=None, responses=TicketSerializer)
    def post(self, request: Request, reference: str) -> Response:
        """Sign a fresh link for an open session."""
        try:
            ticket = playback.renew(
                viewer_of(request._request),
                reference,
                at=timezone.now(),
                user_agent=request.headers.get("User-Agent", ""),
            )
        except playback.MayNotWatch as error:
            raise Http404 from error
        except playback.CannotProtect:
            return refuse("cannot_protect", _OUR_FAULT, 503)
        return Response(asdict(ticket))


class PlaybackStart(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, reference: str) -> Response:
        """Say that the film began to play in the page, which starts a rental's hours."""
        try:
            playback.start(viewer_of(request._request), reference, at=timezone.now())
        except playback.MayNotWatch as error:
            raise Http404 from error
        return Response(status=204)
