"""Takes one guard of playing in few places away; see `guards`."""

from typing import Any
from unittest import mock

from tests.saboteurs.guards import Guard
from videos import playback
from videos.models import ViewerCode, copy_sql, lease_sql, playing_sql
from videos.publishing import shelving


def _instead(owner: object, name: str, replacement: Any) -> Guard:
    return lambda: mock.patch.object(owner, name, replacement)


def _without(statement: str, *conditions: str) -> str:
    for condition in conditions:
        assert condition in statement
        statement = statement.replace(condition, "TRUE")
    return statement


_SILENT = ("held.beaten_at <= %(silent)s", "videos_streamlease.beaten_at <= %(silent)s")


any_place_is_silent = _instead(lease_sql, "_BIND_AND_TAKE", _without(lease_sql._BIND_AND_TAKE, *_SILENT))
any_number_of_places = _instead(
    playing_sql, "_OPEN", playing_sql._OPEN.replace("held.beaten_at > %(silent)s", "FALSE")
)
any_place_is_handed_over = _instead(
    lease_sql, "_HAND_OVER", _without(lease_sql._HAND_OVER, "session_id = %(holder)s")
)
any_beat_is_the_holder_s = _instead(
    lease_sql,
    "_BEAT",
    lease_sql._BEAT.replace("(viewer_code_id, session_id)", "viewer_code_id").replace(", opened.id", ""),
)
any_session_holds_a_place = _instead(
    playing_sql, "_FIND", _without(playing_sql._FIND, "held.session_id = opened.id")
)
any_right_is_good_for_a_beat = _instead(lease_sql, "_BEAT", _without(lease_sql._BEAT, playing_sql.VALID))
any_viewing_is_his = _instead(playback, "codes_of", lambda viewer: ViewerCode.objects.all())
any_player_may_keep_a_copy = _instead(
    copy_sql, "_BIND_AND_KEEP", _without(copy_sql._BIND_AND_KEEP, "player_id IN ('', %(player)s)")
)
any_film_is_put_back = _instead(shelving, "put_back", shelving._show)
