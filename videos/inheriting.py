"""Who signs in goes on where he stopped as a guest."""

from django.db.models import F, Q

from accounts.identity import Viewer
from videos import playback, progress
from videos.models import WatchProgress, opening_sql, progress_sql

_AT_MOST = 200


def inherit_progress(*, user_id: int, visitor: str) -> None:
    """This will bring into the account how far its user came as a guest: in the browser `visitor`, and
    wherever a film was watched by a right that is his by now.

    What was seen here and there adds up; the newer report says where the film stands. Again: nothing changes.
    """
    seen = WatchProgress.objects.filter(viewer_code__user=None)
    by_his_right = Q(
        viewer_code__sessions__entitlement__user=user_id, viewer_code__sessions__video=F("video")
    )
    here = Q(viewer_code__visitor=visitor) if visitor else Q(pk__in=[])
    rows = list(
        seen.filter(here | by_his_right)
        .select_related("video")
        .distinct()
        .order_by("-reported_at", "-id")[:_AT_MOST]
    )
    if not rows:
        return
    user = Viewer(user_id=user_id)
    opening_sql.give_code(user)
    code = playback.codes_of(user).first()
    if code is None:
        return  # he holds no right at all
    for row in rows:
        given = progress_sql.find_kept(code_id=row.viewer_code_id, video_id=row.video_id)
        progress.bring(
            given, code_id=code.pk, video_id=row.video_id, duration_seconds=row.video.duration_seconds
        )
