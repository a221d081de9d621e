"""Every guard of the links that withdraw carries weight."""

from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.withdrawing import attacks, guards

SABOTAGES = {
    "a link withdraws once": Sabotage(
        guards.any_link_is_good, attacks.one_link_is_pressed_twice, "a second time"
    ),
    "a link grows old": Sabotage(
        guards.any_link_is_good, attacks.an_old_link_is_pressed, "an old link withdrew"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
