"""Guards of the way from a file to the shelf, to be taken away; see `taking_away`."""

from datetime import datetime

from tests.saboteurs.taking_away import instead
from videos import platform_callbacks
from videos.admin import film_file
from videos.kollus import passthrough, uploading
from videos.models import KollusEvent, KollusTurn, Upload
from videos.models.kollus_side import KollusTurnManager
from videos.models.uploads import KollusEventQuerySet
from videos.publishing import arrivals, readiness, sending


def _move_any(turns: KollusTurnManager, read: datetime, to: datetime) -> bool:
    return bool(KollusTurn.objects.filter(pk=1).update(free_at=to))


turns_are_given_twice = instead(KollusTurnManager, "_move", _move_any)
any_server_is_kollus = instead(passthrough, "_is_of_that_server", lambda url: True)
nobody_looks_what_is_under_way = instead(sending, "_check_alone", lambda *args, **kwargs: None)
any_address_is_for_browsers = instead(uploading, "_is_for_browsers", lambda url: True)


def _become_any(upload: Upload, state: str, *, at: datetime) -> bool:
    Upload.objects.filter(pk=upload.pk).update(state=state, uploaded_at=at, decided_at=at)
    upload.refresh_from_db()
    return True


def _all_events(rows: KollusEventQuerySet, *, at: datetime) -> KollusEventQuerySet:
    return rows.filter(pk__in=KollusEvent.objects.values("pk"))


any_notice_is_kollus = instead(platform_callbacks, "_is_platforms", lambda secret: True)
any_notice_is_claimed = instead(KollusEventQuerySet, "due", _all_events)
any_upload_is_moved = instead(Upload, "become", _become_any)
any_upload_is_newest = instead(arrivals, "_is_newest", lambda upload: True)
nothing_was_taken_out = instead(arrivals, "was_taken_out", lambda video, content: False)
nothing_is_missing = instead(readiness, "missing", lambda video: [])
all_staff_may_send = instead(film_file, "may", lambda request, act, model: True)
