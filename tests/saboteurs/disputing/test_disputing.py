"""Every guard of disputes and warnings carries weight."""

from billing.models import FraudWarning
from tests.saboteurs.disputing import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import no_row_locks, without

SABOTAGES = {
    "a dispute only moves on": Sabotage(
        guards.any_news_of_disputes_is_new, attacks.old_news_of_a_dispute_come_late, "rows changed"
    ),
    "a dispute moves from the state it was read in": Sabotage(
        guards.any_dispute_is_moved,
        attacks.a_verdict_overtakes_other_news,
        "a lost dispute is under_review again",
    ),
    "a dispute is claimed for a look": Sabotage(
        guards.any_dispute_is_claimed, attacks.two_workers_look_at_one_dispute, "asked twice"
    ),
    "the sweep looks at disputes": Sabotage(
        guards.no_sweep_of_disputes, attacks.the_events_of_a_verdict_are_lost, "nobody found out"
    ),
    "a disputed payment is not given back": Sabotage(
        guards.no_dispute_bars_refunds, attacks.a_disputed_payment_is_given_back, "go back twice"
    ),
    "what a bank took back is not watched": Sabotage(
        guards.no_dispute_ends_anything, attacks.a_buyer_with_his_money_back_plays, "answered 200"
    ),
    "the dispute's row is locked while it is answered": Sabotage(
        no_row_locks, attacks.two_colleagues_answer_at_once, "IntegrityError reached the caller"
    ),
    "an answer has one idempotency key": Sabotage(
        guards.no_answer_key, attacks.one_answer_is_sent_twice, "an answer that is refused here"
    ),
    "the sweep looks at answers": Sabotage(
        guards.no_sweep_of_answers, attacks.the_word_on_an_answer_is_lost, "nobody found out"
    ),
    "a bank is answered while it waits": Sabotage(
        guards.any_dispute_can_be_answered,
        attacks.a_bank_that_has_decided_is_answered,
        "waits for nothing",
    ),
    "a warning's id is unique": Sabotage(
        without(FraudWarning, "warning_id"), attacks.two_workers_hear_of_one_warning, "noted twice"
    ),
    "only a bank's word calls a card fraudulent": Sabotage(
        guards.anybody_calls_a_card_fraudulent,
        attacks.a_card_is_blocked_by_nobodys_word,
        "without a warning",
    ),
    "answering takes the right to": Sabotage(
        guards.all_staff_may_answer, attacks.a_colleague_without_the_right_answers, "without the right"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
