"""Every guard of whose an order and a pass are carries weight."""

from tests.saboteurs.owning import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import no_row_locks

SABOTAGES = {
    "an order that settles is waited for": Sabotage(
        no_row_locks, attacks.an_address_is_proved_while_its_order_settles, "no owner"
    ),
    "a pass is taken along once": Sabotage(
        guards.any_pass_is_taken_along, attacks.a_pass_is_taken_along_by_two, "another user"
    ),
    "an owner is not replaced": Sabotage(
        guards.any_order_is_claimed, attacks.an_order_of_somebody_s_is_claimed, "another owner"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
