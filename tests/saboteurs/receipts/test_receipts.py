"""Every guard of receipts and their links carries weight."""

from tests.saboteurs.receipts import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import no_row_locks

SABOTAGES = {
    "a company's wordings come one after the other": Sabotage(
        no_row_locks, attacks.two_companies_are_named_at_once, "IntegrityError reached the caller"
    ),
    "a receipt's link is signed": Sabotage(
        guards.any_receipts_link_is_ours, attacks.a_receipts_link_is_made_up, "answered 200"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
