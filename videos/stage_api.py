"""What a film's place offers before the film, after it and without a network, for the page's own script."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_refusals import refuse
from accounts.identity import viewer_of
from accounts.page_api import read_body
from videos import following, playback, previews
from videos.api import OUR_FAULT, TicketSerializer

_NOT_KEPT = {"Cache-Control": "no-store"}


class Preview(APIView):
    @extend_schema(responses=TicketSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Give anybody the link to a film's trailer or first minutes; 404 where nothing of it is free."""
        user_agent = request.headers.get("User-Agent", "")
        try:
            ticket = previews.open(slug, at=timezone.now(), user_agent=user_agent)
        except previews.NoPreview as error:
            raise Http404 from error
        except playback.CannotProtect:
            return refuse("cannot_protect", OUR_FAULT, 503)
        return Response(asdict(ticket), headers=_NOT_KEPT)


class Following(APIView):
    class OutputSerializer(serializers.Serializer[Any]):
        slug = serializers.CharField()
        title = serializers.CharField()
        url = serializers.CharField()
        may_watch = serializers.BooleanField()

    @extend_schema(responses={200: OutputSerializer, 204: None})
    def get(self, request: Request, slug: str) -> Response:
        """Tell which film comes after this one in its collection; 204 where none does."""
        film = following.after(viewer_of(request._request), slug, at=timezone.now())
        if film is None:
            return Response(status=204, headers=_NOT_KEPT)
        return Response(asdict(film), headers=_NOT_KEPT)


class Copies(APIView):
    class InputSerializer(serializers.Serializer[Any]):
        video = serializers.SlugField(max_length=50)

    class OutputSerializer(serializers.Serializer[Any]):
        app_url = serializers.CharField(help_text="Has Kollus' installed player download the film.")

    @extend_schema(request=InputSerializer, responses=OutputSerializer)
    def post(self, request: Request) -> Response:
        """Have a film that the caller may watch kept on this device; 404 for everyone else, 409 where it
        can't be.
        """
        asked = read_body(request, self.InputSerializer)
        try:
            app_url = playback.download(
                viewer_of(request._request),
                asked["video"],
                at=timezone.now(),
                user_agent=request.headers.get("User-Agent", ""),
            )
        except playback.MayNotWatch as error:
            raise Http404 from error
        except playback.NotKept:
            return refuse("not_kept", _("This film can't be kept on this device."), 409)
        return Response({"app_url": app_url})
