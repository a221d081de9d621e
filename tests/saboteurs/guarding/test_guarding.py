"""Every guard of the gate carries weight."""

from tests.saboteurs.guarding import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs

SABOTAGES = {
    "it gets hot": Sabotage(guards.it_is_never_hot, attacks.a_card_is_tried_without_work, "answered 200"),
    "tries to pay are counted": Sabotage(
        guards.sales_are_not_counted, attacks.a_card_is_tried_without_work, "answered 200"
    ),
    "work is good for one attempt": Sabotage(
        guards.work_is_for_any_attempt, attacks.many_cards_are_tried_with_one_work, "answered 200"
    ),
    "a task of work is signed": Sabotage(guards.any_task_is_ours, attacks.work_is_made_up, "answered 200"),
    "work is looked at": Sabotage(guards.no_hash_is_looked_at, attacks.numbers_are_guessed, "answered 200"),
    "work does not keep": Sabotage(
        guards.work_never_expires, attacks.work_was_done_in_advance, "answered 200"
    ),
    "free orders are counted": Sabotage(
        guards.free_orders_are_not_counted, attacks.films_are_taken_for_nothing, "answered 200"
    ),
    "links by mail are counted": Sabotage(
        guards.links_are_not_counted, attacks.mails_are_sent_to_everybody, "answered 202"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
