"""Every guard of the door carries weight."""

from tests.saboteurs.door import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs

SABOTAGES = {
    "a webhook is signed": Sabotage(
        guards.any_webhook_is_stripes, attacks.a_webhook_is_forged, "answered 200"
    ),
    "a webhook is fresh": Sabotage(
        guards.any_webhook_is_fresh, attacks.a_webhook_is_replayed, "answered 200"
    ),
    "a webhook is of our mode": Sabotage(
        guards.any_mode_is_ours, attacks.a_webhook_is_of_the_other_mode, "answered 200"
    ),
    "a quote is signed": Sabotage(guards.any_quote_is_ours, attacks.a_quote_is_changed, "answered 200"),
    "a quote is this browser's": Sabotage(
        guards.any_quote_is_this_browsers, attacks.a_quote_is_anothers, "answered 200"
    ),
    "a quote expires": Sabotage(guards.no_quote_expires, attacks.a_quote_is_stale, "answered 200"),
    "a request comes from our page": Sabotage(
        guards.no_csrf_check, attacks.another_site_presses_pay, "answered [245]"
    ),
    "an order is its buyer's": Sabotage(
        guards.any_order_is_everybodys, attacks.a_stranger_reads_an_order, "answered 20[02]"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
