"""Guards of playing in few places, to be taken away; see `taking_away`."""

from tests.saboteurs.taking_away import instead
from videos import playback, tracing
from videos.models import ViewerCode, copy_sql, lease_sql, opening_sql, playing_sql
from videos.publishing import shelving


def _without(statement: str, *conditions: str) -> str:
    for condition in conditions:
        assert condition in statement
        statement = statement.replace(condition, "TRUE")
    return statement


_SILENT = ("held.beaten_at <= %(silent)s", "videos_streamlease.beaten_at <= %(silent)s")
any_place_is_silent = instead(lease_sql, "_BIND_AND_TAKE", _without(lease_sql._BIND_AND_TAKE, *_SILENT))
any_number_of_places = instead(
    opening_sql, "_OPEN", opening_sql._OPEN.replace("held.beaten_at > %(silent)s", "FALSE")
)
who_is_overtaken_gives_up = instead(lease_sql, "_take_any", lambda *args, **kwargs: False)
any_place_is_handed_over = instead(
    lease_sql, "_HAND_OVER", _without(lease_sql._HAND_OVER, "session_id = %(holder)s")
)
any_beat_is_the_holder_s = instead(
    lease_sql,
    "_BEAT",
    lease_sql._BEAT.replace("(viewer_code_id, session_id)", "viewer_code_id").replace(", opened.id", ""),
)
any_session_holds_a_place = instead(
    playing_sql, "_FIND", _without(playing_sql._FIND, "held.session_id = opened.id")
)
any_right_is_good_for_a_beat = instead(lease_sql, "_BEAT", _without(lease_sql._BEAT, opening_sql.VALID))
any_viewing_is_his = instead(playback, "codes_of", lambda viewer: ViewerCode.objects.all())
any_player_may_keep_a_copy = instead(
    copy_sql, "_BIND_AND_KEEP", _without(copy_sql._BIND_AND_KEEP, "player_id IN ('', %(player)s)")
)
copies_are_counted_by_nobody_first = instead(copy_sql, "_HOLD", copy_sql._HOLD.removesuffix(" FOR UPDATE"))
films_are_kept_on_any_device = instead(
    copy_sql, "_BIND_AND_KEEP", _without(copy_sql._BIND_AND_KEEP, copy_sql._ROOM)
)
a_copy_that_ran_out_comes_back = instead(copy_sql, "has_place", lambda place, at: True)
any_reading_is_certain = instead(tracing.Candidate, "is_certain", True)
any_film_is_put_back = instead(shelving, "put_back", shelving._show)
