"""Every guard of memberships carries weight."""

from billing.models import Trial
from tests.saboteurs.memberships import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import no_row_locks, without

SABOTAGES = {
    "the membership's row is locked while a renewal settles": Sabotage(
        no_row_locks, attacks.one_renewal_is_told_twice, "IntegrityError reached the caller"
    ),
    "a renewal checks its money": Sabotage(
        guards.any_money_renews, attacks.a_renewal_is_paid_with_less, "that nobody paid"
    ),
    "a first invoice has its own intent": Sabotage(
        guards.any_intent_is_the_first_invoices,
        attacks.anybodys_intent_pays_the_first_invoice,
        "another's money",
    ),
    "one trial per card": Sabotage(
        without(Trial, "one_trial_per_collection_card"),
        attacks.one_card_has_two_trials,
        "two trials",
    ),
    "a trial is looked for before another begins": Sabotage(
        guards.no_look_for_an_earlier_trial, attacks.one_browser_has_two_trials, "two trials"
    ),
    "the sum of a change of plan is asked for again": Sabotage(
        guards.any_sum_changes_the_plan, attacks.a_plan_costs_more_than_was_shown, "than was shown"
    ),
    "a new price waits for the days of notice": Sabotage(
        guards.no_days_of_notice, attacks.a_price_rises_at_once, "before the notice was over"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
