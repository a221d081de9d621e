"""Every guard of buying carries weight."""

from billing.models import Order
from tests.saboteurs.buying import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import no_row_locks, without

SABOTAGES = {
    "one open order per session and offer": Sabotage(
        without(Order, "one_open_order_per_session_offer"), attacks.two_tabs_begin, "2 orders are paid"
    ),
    "a quote's nonce is unique": Sabotage(
        without(Order, "quote_nonce"), attacks.second_press_is_overtaken, "one quote got two answers"
    ),
    "the order's row is locked while an attempt begins": Sabotage(
        no_row_locks, attacks.an_order_is_closed_while_an_attempt_begins, "2 orders are paid"
    ),
    "an order with an attempt under way is not closed": Sabotage(
        guards.any_order_is_closed, attacks.two_currencies, "2 orders are paid"
    ),
    "a closed shop sells nothing": Sabotage(
        guards.tills_never_close, attacks.the_shop_is_closed, "a closed shop answered 200"
    ),
    "what is yours is not sold again": Sabotage(
        guards.nothing_is_yours_already, attacks.what_is_yours_is_bought_again, "one film was sold twice"
    ),
    "an attempt without an answer stays open": Sabotage(
        guards.silence_means_no, attacks.stripe_answers_too_late, "Stripe took money"
    ),
    "an attempt has one idempotency key": Sabotage(
        guards.no_idempotency_key, attacks.one_attempt_is_sent_twice, "StripeRefused reached the caller"
    ),
    "a coupon's uses are counted under its limit": Sabotage(
        guards.any_use_is_counted, attacks.a_coupon_for_one_is_used_by_two, "2 orders are paid"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
