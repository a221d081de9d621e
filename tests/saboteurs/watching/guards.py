"""Guards of the right to watch, of progress and of prices, to be taken away; see `taking_away`."""

from datetime import datetime, timedelta

from tests.saboteurs.taking_away import instead, unconditionally
from videos import callbacks, entitlements, previews, pricing, progress, rentals
from videos.kollus import tokens
from videos.kollus.play_callback import PlayQuestion
from videos.models import Entitlement, PlaybackSession, Video, opening_sql, progress_sql
from videos.models.rights import EntitlementQuerySet
from videos.watching import answering

any_rental_is_started = instead(
    Entitlement,
    "start",
    unconditionally(lambda right, at: {"ends_at": at + timedelta(hours=right.hours_once_started)}),
)
any_right_is_revoked = instead(
    entitlements,
    "revoke",
    lambda right, because, at: unconditionally(lambda right: {"revoked_at": at})(right),
)
any_price_is_retired = instead(
    pricing, "retire", lambda price, at: unconditionally(lambda price: {"retired_at": at})(price)
)


def _bind_any(session: PlaybackSession, question: PlayQuestion, *, at: datetime) -> bool:
    PlaybackSession.objects.filter(pk=session.pk).update(player_id=question.player_id)
    return session.player_id in ("", question.player_id)


any_progress_is_kept = instead(
    progress_sql, "_KEEP_PROGRESS", progress_sql._KEEP_PROGRESS.partition("WHERE")[0]
)
any_report_fits = instead(progress, "_fits", lambda since, at: 10**9)
any_player_is_bound = instead(answering, "_is_same_player", _bind_any)
any_right_is_everybodys = instead(EntitlementQuerySet, "held_by", lambda rows, viewer: rows.all())
any_listed_right_is_valid = instead(
    opening_sql, "_OPEN", opening_sql._OPEN.replace("entitled.revoked_at IS NULL AND", "")
)
any_right_is_valid = instead(Entitlement, "is_valid", lambda self, at: True)
any_mark_is_ours = instead(
    tokens, "read_session_mark", lambda mark, cuid, media_content_key: mark.rpartition(".")[0]
)
no_trailer_is_a_film = instead(previews, "_gives_a_film_away", lambda film: False)
any_length_is_free = instead(Video, "preview_section", property(lambda film: (0, film.preview_seconds)))
any_callback_is_players = instead(callbacks, "_is_players", lambda secret: True)


def _tell_again(right: Entitlement, *, at: datetime) -> bool:
    return bool(Entitlement.objects.filter(pk=right.pk).update(end_told_at=at))


ends_are_told_again = instead(rentals, "tell_once", _tell_again)
