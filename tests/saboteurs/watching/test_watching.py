"""Every guard of the right to watch, of progress and of prices carries weight."""

from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import no_row_locks, without
from tests.saboteurs.watching import attacks, guards
from videos.models import Price, ViewerCode, WatchProgress

SABOTAGES = {
    "only an unstarted rental is started": Sabotage(
        guards.any_rental_is_started, attacks.a_rental_is_started_twice, "started twice"
    ),
    "only a newer report is kept": Sabotage(
        guards.any_progress_is_kept, attacks.an_old_report_comes_late, "overwrote a newer one"
    ),
    "no report overwrites what it did not read": Sabotage(
        guards.any_progress_is_kept, attacks.two_reports_tell_of_two_halves, "was lost"
    ),
    "a report fits into the time": Sabotage(
        guards.any_report_fits, attacks.an_hour_is_seen_in_a_minute, "an hour was seen in a minute"
    ),
    "rows are locked while they are mapped": Sabotage(
        no_row_locks, attacks.two_beats_map_at_once, "in the map twice|reached the caller"
    ),
    "a viewer has one progress per film": Sabotage(
        without(WatchProgress, "one_progress_per_viewer_video"),
        attacks.two_first_reports_come_at_once,
        "a report was refused",
    ),
    "a viewer has one code": Sabotage(
        without(ViewerCode, "visitor"), attacks.two_tabs_play_for_the_first_time, "duplicate key"
    ),
    "a session belongs to its first player": Sabotage(
        guards.any_player_is_bound, attacks.two_players_use_one_link, "played on two players"
    ),
    "only a right in force is revoked": Sabotage(
        guards.any_right_is_revoked, attacks.a_right_is_revoked_twice, "rows changed: Entitlement"
    ),
    "the offer's row is locked while its price changes": Sabotage(
        no_row_locks, attacks.two_prices_are_set_at_once, "IntegrityError reached the caller"
    ),
    "an offer has one current price per currency": Sabotage(
        without(Price, "one_price_per_offer_currency"),
        attacks.a_price_is_added_past_the_verb,
        "2 current prices",
    ),
    "only a current price is retired": Sabotage(
        guards.any_price_is_retired, attacks.a_price_is_retired_twice, "rows changed: Price"
    ),
    "a right is valid when a film is opened": Sabotage(
        guards.any_listed_right_is_valid, attacks.a_refunded_buyer_plays, "answered 200"
    ),
    "a right is valid when a player asks": Sabotage(
        guards.any_right_is_valid, attacks.a_refunded_buyer_plays, "answered 200|a player was let in"
    ),
    "a right is its holder's": Sabotage(
        guards.any_right_is_everybodys, attacks.a_stranger_plays, "answered (200|409)"
    ),
    "a session's mark is signed": Sabotage(
        guards.any_mark_is_ours, attacks.a_mark_is_forged, "a forged mark was believed"
    ),
    "a preview's mark is signed": Sabotage(
        guards.any_mark_is_ours, attacks.a_preview_s_mark_is_forged, "a forged mark was believed"
    ),
    "a trailer is no film": Sabotage(
        guards.no_trailer_is_a_film,
        attacks.a_film_s_key_is_typed_as_a_trailer_s,
        "given away as a trailer",
    ),
    "a preview is not the whole film": Sabotage(
        guards.any_length_is_free,
        attacks.a_film_becomes_shorter_than_its_preview,
        "given away as its own preview",
    ),
    "a callback's address is secret": Sabotage(
        guards.any_callback_is_players, attacks.a_stranger_calls_back, "a guessed address was answered"
    ),
    "a rental's end is told of once": Sabotage(
        guards.ends_are_told_again, attacks.a_rentals_end_is_told_by_two, "told of twice"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
