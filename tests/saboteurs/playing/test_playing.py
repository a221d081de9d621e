"""Every guard of playing in few places carries weight."""

from tests.saboteurs.playing import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs

SABOTAGES = {
    "a place is taken by who finds it silent": Sabotage(
        guards.any_place_is_silent, attacks.two_browsers_start, "given to two"
    ),
    "who is overtaken at a place takes the next": Sabotage(
        guards.who_is_overtaken_gives_up, attacks.three_browsers_start_in_two_places, "1 may play"
    ),
    "a player starts in a place of its own": Sabotage(
        guards.any_session_holds_a_place, attacks.a_page_that_lost_its_place_goes_on, "was let in"
    ),
    "who watches elsewhere gets no link": Sabotage(
        guards.any_number_of_places, attacks.two_browsers_begin, "answered 200"
    ),
    "a place goes from who holds it to one other": Sabotage(
        guards.any_place_is_handed_over, attacks.two_take_over_one_place, "promised to 2"
    ),
    "a sign of life is of who holds the place": Sabotage(
        guards.any_beat_is_the_holder_s,
        attacks.a_page_that_lost_its_place_goes_on,
        "was not told",
    ),
    "a right that ended is heard with the next sign of life": Sabotage(
        guards.any_right_is_good_for_a_beat, attacks.a_refunded_film_goes_on, "answered 204"
    ),
    "one ends one's own films": Sabotage(
        guards.any_viewing_is_his, attacks.a_stranger_ends_a_film, "Bo ended Ada's film"
    ),
    "one takes one's own copies back": Sabotage(
        guards.any_viewing_is_his, attacks.a_stranger_takes_a_copy_back, "Bo took Ada's copy"
    ),
    "a doubtful reading ends nothing": Sabotage(
        guards.any_reading_is_certain, attacks.a_misread_code_ends_a_film, "a doubtful reading"
    ),
    "one place is taken by one device": Sabotage(
        guards.copies_are_counted_by_nobody_first, attacks.two_devices_take_the_last_place, "by two devices"
    ),
    "films are kept on few devices": Sabotage(
        guards.films_are_kept_on_any_device, attacks.a_third_device_keeps_a_film, "third device"
    ),
    "a copy that ran out has lost its place": Sabotage(
        guards.a_copy_that_ran_out_comes_back, attacks.a_copy_that_ran_out_is_played, "2 devices play"
    ),
    "a copy is one player's": Sabotage(
        guards.any_player_may_keep_a_copy, attacks.two_devices_keep_one_film, "on two devices"
    ),
    "only what was taken off sale is put back": Sabotage(
        guards.any_film_is_put_back, attacks.a_film_taken_out_gets_well, "the office took out"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
