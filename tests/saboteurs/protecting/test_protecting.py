"""Every guard of a film's protection carries weight."""

from tests.saboteurs.protecting import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs

SABOTAGES = {
    "a film under Multi DRM never plays bare": Sabotage(
        guards.licences_need_no_keys, attacks.the_licence_keys_are_lost, "answered 200"
    ),
    "nobody skips ahead of what he has watched": Sabotage(
        guards.all_of_it_was_watched, attacks.the_film_may_not_be_skipped, "may skip"
    ),
    "a doubtful reading ends nobody": Sabotage(
        guards.any_reading_is_certain, attacks.a_code_is_misread, "by a misread code"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
