"""Uploads and Kollus' notices, to be read when a film does not come."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from videos.models import KollusEvent, Upload, Video


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin[Upload]):
    list_display = ("upload_file_key", "film", "file_name", "state", "asked_at", "asked_by", "trouble")
    list_select_related = ("video", "asked_by")
    list_filter = ("state",)
    search_help_text = _("An upload file key, or a film's address.")
    fields = (
        *("film", "upload_file_key", "file_name", "file_size", "state", "trouble", "asked_by", "asked_at"),
        *("address_until", "uploaded_at", "decided_at", "look_after"),
    )

    def find(self, term: str) -> Q:
        film = Video.objects.filter(slug=term)
        return Q(upload_file_key=term) | Q(video_id__in=film.values("id"))

    @admin.display(description=_("video"))
    def film(self, upload: Upload) -> str:
        return str(upload.video)


@admin.register(KollusEvent)
class KollusEventAdmin(ReadOnlyAdmin[KollusEvent]):
    list_display = ("kind", "upload_file_key", "told", "received_at", "processed_at", "attempts", "outcome")
    list_filter = ("kind",)
    search_help_text = _("An upload file key.")
    fields = (
        *("kind", "upload_file_key", "told", "received_at", "processed_at", "attempts", "try_after"),
        "outcome",
    )

    def find(self, term: str) -> Q:
        return Q(upload_file_key=term)
