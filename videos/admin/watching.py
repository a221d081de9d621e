"""Who is watching, and how far they came: to be read, when somebody writes that it doesn't play."""

from typing import TypeVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from accounts.models import normalize_email
from videos import tracing
from videos.admin import tracing as trace_page
from videos.models import Entitlement, OfflineCopy, PlaybackSession, Video, ViewerCode, WatchProgress
from videos.watching.clock import clock

_Row = TypeVar("_Row", PlaybackSession, WatchProgress)
_LONGEST_CODE = 16
_REFERENCE_OF_A_PURCHASE = 32


def _codes(term: str) -> QuerySet[ViewerCode]:
    if "@" in term:
        return ViewerCode.objects.filter(user__email=normalize_email(term))
    # As it was read off a recording, `?` for what could not be.
    return ViewerCode.objects.filter(pk__in=[each.code.pk for each in tracing.candidates(term)])


class _WatchingAdmin(ReadOnlyAdmin[_Row]):
    @admin.display(description=_("viewer"))
    def viewer(self, row: _Row) -> str:
        """The account, or for a guest the code under which Kollus knows the browser."""
        code = row.viewer_code
        return f"{code.user} ({code})" if code.user else str(code)


@admin.register(PlaybackSession)
class PlaybackSessionAdmin(_WatchingAdmin[PlaybackSession]):
    list_display = ("reference", "video", "viewer", "entitlement", "opened_at", "device", "player_id")
    list_select_related = ("video", "viewer_code__user", "entitlement")
    search_help_text = _("An e-mail address, a viewer's code, a session's reference, or a purchase's.")
    fields = (
        *("reference", "video", "viewer", "entitlement", "opened_at", "link_until", "device", "player_id"),
        "ended_at",
    )

    def get_urls(self) -> list[URLPattern]:
        return [*trace_page.urls(self), *super().get_urls()]

    def find(self, term: str) -> Q:
        if "@" in term or len(term) <= _LONGEST_CODE:
            return Q(viewer_code_id__in=_codes(term).values("id"))
        if len(term) == _REFERENCE_OF_A_PURCHASE:
            return Q(entitlement_id__in=Entitlement.objects.filter(reference=term).values("id"))
        return Q(reference=term)


@admin.register(OfflineCopy)
class OfflineCopyAdmin(ReadOnlyAdmin[OfflineCopy]):
    list_display = ("session", "film", "viewer", "device", "finished_at", "expires_at", "taken_back_at")
    list_select_related = ("session__video", "session__viewer_code__user")
    search_help_text = _("An e-mail address, a viewer's code, or a session's reference.")
    fields = (
        *("session", "film", "viewer", "device", "asked_at", "finished_at", "expires_at", "plays_left"),
        *("played_at", "taken_back_at"),
    )

    def find(self, term: str) -> Q:
        if "@" in term or len(term) <= _LONGEST_CODE:
            return Q(session__viewer_code_id__in=_codes(term).values("id"))
        return Q(session__reference=term)

    @admin.display(description=_("video"))
    def film(self, copy: OfflineCopy) -> str:
        return str(copy.session.video)

    @admin.display(description=_("viewer"))
    def viewer(self, copy: OfflineCopy) -> str:
        """The account, or for a guest the code under which Kollus knows the browser."""
        code = copy.session.viewer_code
        return f"{code.user} ({code})" if code.user else str(code)


@admin.register(WatchProgress)
class WatchProgressAdmin(_WatchingAdmin[WatchProgress]):
    list_display = ("viewer", "video", "position", "watched", "completed_at", "reported_at")
    list_select_related = ("video", "viewer_code__user")
    search_help_text = _("An e-mail address, a viewer's code, or a film's address.")
    fields = ("viewer", "video", "position", "watched", "seen", "completed_at", "reported_at")

    def find(self, term: str) -> Q:
        film = Video.objects.filter(slug=term)
        return Q(viewer_code_id__in=_codes(term).values("id")) | Q(video_id__in=film.values("id"))

    @admin.display(description=_("stopped at"))
    def position(self, progress: WatchProgress) -> str:
        return f"{clock(progress.position_seconds)} / {clock(progress.video.duration_seconds)}"

    @admin.display(description=_("watched"))
    def watched(self, progress: WatchProgress) -> str:
        return clock(progress.watched_seconds)
