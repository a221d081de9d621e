"""Every guard of giving money back carries weight."""

from tests.saboteurs.door.guards import any_order_is_everybodys
from tests.saboteurs.refunding import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import no_row_locks

SABOTAGES = {
    "a credit note's number is taken by who adds to it": Sabotage(
        guards.credit_notes_are_read_and_added_to,
        attacks.two_refunds_want_a_credit_note,
        "IntegrityError reached the caller",
    ),
    "a refund has one credit note": Sabotage(
        guards.credit_notes_are_numbered_anew,
        attacks.a_refund_succeeds_after_a_while,
        "credit notes are numbered",
    ),
    "a decision is carried out once": Sabotage(
        guards.any_sum_is_set_aside,
        attacks.one_decision_is_carried_out_twice,
        "600 went back on a decision of 300",
    ),
    "a refund has one idempotency key": Sabotage(
        guards.no_refund_key, attacks.one_refund_is_asked_twice, "gave back 2 times"
    ),
    "a refund moves from the state it was read in": Sabotage(
        guards.any_refund_is_moved,
        attacks.one_failure_is_told_twice,
        "IntegrityError reached the caller",
    ),
    "a refund only moves on": Sabotage(
        guards.any_news_of_refunds_is_new, attacks.old_news_of_a_refund_come_late, "rows changed"
    ),
    "a refund's news fit it": Sabotage(
        guards.any_refund_fits, attacks.news_are_of_another_refund, "rows changed: .*Order"
    ),
    "a refund is claimed for a look": Sabotage(
        guards.any_refund_is_claimed, attacks.two_workers_look_at_one_refund, "asked twice"
    ),
    "the sweep looks at refunds": Sabotage(
        guards.no_sweep_of_refunds, attacks.the_answer_to_a_refund_is_lost, "nobody found out"
    ),
    "the order's row is locked while its refunds decide": Sabotage(
        no_row_locks, attacks.a_part_succeeds_while_another_fails, "half paid for is gone"
    ),
    "only what a refund ended is reopened": Sabotage(
        guards.any_ended_right_is_reopened,
        attacks.a_right_that_staff_took_comes_back,
        "a right came back",
    ),
    "what was shown is what is given": Sabotage(
        guards.anything_may_have_been_shown,
        attacks.a_press_asks_for_less_than_it_gives,
        "answered 200",
    ),
    "a refund is asked by the order's holder": Sabotage(
        any_order_is_everybodys, attacks.a_stranger_asks_for_a_refund, "answered 200"
    ),
    "giving back takes the right to": Sabotage(
        guards.all_staff_may_refund,
        attacks.a_colleague_without_the_right_gives_money_back,
        "without the right",
    ),
    "a second purchase gives nothing new": Sabotage(
        guards.every_purchase_is_a_second, attacks.a_renter_buys_the_film, "not bought twice"
    ),
    "a refund made at Stripe's is taken over once": Sabotage(
        guards.taking_over_without_care,
        attacks.two_workers_find_one_refund_of_stripes,
        "refused: amount",
    ),
    "a refund made at Stripe's finds the room that another left": Sabotage(
        guards.no_look_at_other_refunds,
        attacks.a_refund_comes_back_unheard,
        "refused: amount",
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
