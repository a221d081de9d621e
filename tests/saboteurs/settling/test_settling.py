"""Every guard of settling and of the sweeps carries weight."""

from functools import partial

from accounts.models import Mail, Pass
from billing.models import StripeEvent
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.settling import attacks, guards
from tests.saboteurs.taking_away import no_row_locks, without
from videos.models import Entitlement

SABOTAGES = {
    "the order's row is locked while it settles": Sabotage(
        no_row_locks, attacks.two_intents_for_one_order, "a second intent was taken in silence"
    ),
    "settling is one transaction": Sabotage(
        guards.settling_in_pieces, attacks.settling_is_cut_short, "0 receipts for an order that is paid"
    ),
    "only an unpaid order is marked paid": Sabotage(
        guards.any_order_is_marked_paid, attacks.the_same_news_comes_later, "rows changed: .*Order"
    ),
    "a receipt's number is taken by who adds to it": Sabotage(
        guards.numbers_are_read_and_added_to,
        attacks.two_sales_want_a_number,
        "IntegrityError reached the caller",
    ),
    "a receipt's number goes back with the sale": Sabotage(
        guards.numbers_are_never_given_back,
        attacks.a_sale_fails_after_its_number,
        "receipts are numbered",
    ),
    "a tax calculation is of this sale": Sabotage(
        guards.any_calculation_is_this_orders,
        attacks.the_intent_names_another_sales_tax,
        "another sale's tax was taken over",
    ),
    "only an open order is canceled": Sabotage(
        guards.any_order_is_canceled, attacks.a_sold_order_is_closed, "IntegrityError reached the caller"
    ),
    "only an undecided attempt is decided": Sabotage(
        guards.any_attempt_is_decided, attacks.a_refusal_comes_late, "0 successful attempts"
    ),
    "only a sent attempt is challenged": Sabotage(
        guards.any_attempt_is_challenged,
        attacks.a_question_comes_late,
        "IntegrityError reached the caller",
    ),
    **{
        f"settling checks the {fact}": Sabotage(
            guards.settling_overlooks(fact),
            partial(attacks.settled_with_wrong, fact),
            "rows changed: .*Order",
        )
        for fact in attacks.WRONG
    },
    "the sweep looks at attempts": Sabotage(
        guards.no_sweep_of_attempts,
        attacks.the_answer_and_the_webhook_are_lost,
        "Stripe took money for an order that is not paid",
    ),
    "the sweep looks at events": Sabotage(
        guards.no_sweep_of_events,
        attacks.the_job_of_an_event_is_lost,
        "Stripe took money for an order that is not paid",
    ),
    "a page looks once a second": Sabotage(
        guards.pages_look_as_often_as_they_ask, attacks.a_page_asks_all_the_time, "every question"
    ),
    "an event is claimed": Sabotage(
        guards.any_event_is_claimed, attacks.two_workers_get_one_event, "two workers"
    ),
    "a mail is claimed": Sabotage(guards.any_mail_is_claimed, attacks.two_workers_get_one_mail, "sent twice"),
    "a mail's cause is unique": Sabotage(
        without(Mail, "cause"), attacks.one_cause_is_told_twice, "two mails"
    ),
    "an event's id is unique": Sabotage(
        without(StripeEvent, "event_id"), attacks.one_event_is_delivered_often, "was refused"
    ),
    "a purchase is granted once": Sabotage(
        without(Entitlement, "one_entitlement_per_reason_video"),
        attacks.one_purchase_is_granted_twice,
        "granted twice",
    ),
    "a pass is given once": Sabotage(
        without(Pass, "one_pass_per_purchase"), attacks.one_pass_is_given_twice, "two passes"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
