"""Playing, for the page's own script."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_refusals import refuse
from accounts.identity import viewer_of
from accounts.page_api import PageAlone, read_body
from videos import playback, shelves
from videos.watching import leases, page_errors
from videos.watching.leases import Place

OUR_FAULT = gettext_lazy(
    "The film's protection is not set up at our side, so it can't play yet. Write to us."
)


class TicketSerializer(serializers.Serializer[Any]):
    """The frame's address and for how many seconds it can be used to start; the page asks for a fresh one
    before. A preview's ticket names no session.
    """

    session = serializers.CharField()
    url = serializers.URLField()
    seconds = serializers.IntegerField()
    resume_seconds = serializers.IntegerField()
    app_url = serializers.CharField(
        help_text="Opens the film in Kollus' installed player; empty where it plays in the frame."
    )


class PlaceSerializer(serializers.Serializer[Any]):
    """Where the viewer plays: what to send as `instead`, and what to call it."""

    session = serializers.CharField()
    where = serializers.CharField()


class ElsewhereSerializer(serializers.Serializer[Any]):
    """`code` is `elsewhere` where all places were taken, `taken` where this one was, `ended` where the viewer
    ended it himself.
    """

    code = serializers.CharField()
    sentence = serializers.CharField()
    places = PlaceSerializer(many=True)


class Playback(APIView):
    class InputSerializer(serializers.Serializer[Any]):
        video = serializers.SlugField(max_length=50)
        resume = serializers.BooleanField(default=True)
        instead = serializers.CharField(max_length=32, allow_blank=True, default="")

    @extend_schema(request=InputSerializer, responses={200: TicketSerializer, 409: ElsewhereSerializer})
    def post(self, request: Request) -> Response:
        """Open a playback session for a video the caller may watch; 404 for everyone else.

        `instead` takes the place of a session that is told of in a 409.
        """
        asked = read_body(request, self.InputSerializer)
        try:
            ticket = playback.open(
                viewer_of(request._request),
                asked["video"],
                resume=asked["resume"],
                instead=asked["instead"],
                at=timezone.now(),
                user_agent=request.headers.get("User-Agent", ""),
            )
        except playback.MayNotWatch as error:
            raise Http404 from error
        except leases.Elsewhere as error:
            return _elsewhere(error.places)
        except playback.CannotProtect:
            return refuse("cannot_protect", OUR_FAULT, 503)
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
            return refuse("cannot_protect", OUR_FAULT, 503)
        return Response(asdict(ticket))


class PlaybackStart(APIView):
    class OutputSerializer(serializers.Serializer[Any]):
        time_left = serializers.CharField()
        ends_in_seconds = serializers.IntegerField(allow_null=True)

    @extend_schema(request=None, responses=OutputSerializer)
    def post(self, request: Request, reference: str) -> Response:
        """Say that the film plays in the page, which starts a rental's hours, and hear how long it lasts.

        `time_left` is in words, empty for what has no end that a viewer minds.
        """
        now = timezone.now()
        try:
            right = playback.start(viewer_of(request._request), reference, at=now)
        except playback.MayNotWatch as error:
            raise Http404 from error
        time_left = shelves.time_left_text(right, at=now)
        ends_in = int((right.ends_at - now).total_seconds()) if time_left and right.ends_at else None
        return Response({"time_left": time_left, "ends_in_seconds": ends_in})


class PlaybackErrors(APIView):
    class InputSerializer(serializers.Serializer[Any]):
        code = serializers.IntegerField(min_value=0, max_value=999_999, default=0)

    class OutputSerializer(serializers.Serializer[Any]):
        why = serializers.CharField(help_text="link_expired, other_player or film_left.")

    @extend_schema(request=InputSerializer, responses={200: OutputSerializer, 204: None})
    def post(self, request: Request, reference: str) -> Response:
        """Say which error the player showed in place of the film, for who will be asked about it; hear why
        the shop had refused it; 204 where it had not, or the error's code says so.
        """
        asked = read_body(request, self.InputSerializer)
        try:
            why = page_errors.note(viewer_of(request._request), reference, asked["code"], at=timezone.now())
        except playback.MayNotWatch as error:
            raise Http404 from error
        return Response({"why": why}) if why else Response(status=204)


class PlaybackBeat(APIView):
    authentication_classes = (PageAlone,)

    @extend_schema(request=None, responses={204: None, 409: ElsewhereSerializer})
    def post(self, request: Request, reference: str) -> Response:
        """Say that the page plays. Every two seconds: who is silent for six may lose the place to another."""
        try:
            leases.hold(reference, at=timezone.now())
        except leases.Over as error:
            raise Http404 from error
        except leases.Ended:
            return refuse(
                "ended",
                _("This viewing was ended, in the list of your devices or by the shop."),
                409,
                places=[],
            )
        except leases.Elsewhere as error:
            return _taken(error.places)
        return Response(status=204)


class PlaybackLeave(APIView):
    authentication_classes = (PageAlone,)

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, reference: str) -> Response:
        """Say that the page is closed, so that another place is free at once."""
        try:
            leases.leave(reference)
        except leases.Over as error:
            raise Http404 from error
        return Response(status=204)


def _elsewhere(places: list[Place]) -> Response:
    sentence = _("You are watching in as many places as you may. Which of them shall stop?")
    if len(places) == 1:
        sentence = _("You are watching “%(title)s” %(where)s right now.") % _named(places)
    if not places:
        sentence = _("You were watching elsewhere a moment ago. Try again.")
    return refuse("elsewhere", sentence, 409, places=_told(places))


def _taken(places: list[Place]) -> Response:
    sentence = _("It stopped here, since you went on watching elsewhere.")
    if places:
        sentence = _("It stopped here, since you are watching “%(title)s” %(where)s now.") % _named(places)
    return refuse("taken", sentence, 409, places=_told(places))


def _named(places: list[Place]) -> dict[str, str]:
    return {"title": places[-1].title, "where": _where(places[-1])}


def _where(place: Place) -> str:
    if place.is_here:
        return _("in another window of this browser")
    return _("on %(device)s") % {"device": place.device} if place.device else _("on another device")


def _told(places: list[Place]) -> list[dict[str, str]]:
    return [{"session": each.session, "where": f"{each.title} · {_where(each)}"} for each in places]
