"""Every guard of erasing carries weight."""

from tests.saboteurs.erasing import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs

SABOTAGES = {
    "who was erased buys nothing more": Sabotage(
        guards.erased_buyers_buy_on,
        attacks.a_purchase_begins_while_its_buyer_is_erased,
        "an order names who was erased",
    ),
    "nobody is erased while a bank asks": Sabotage(
        guards.nothing_has_to_be_over_first,
        attacks.a_buyer_is_erased_while_his_bank_asks,
        "money came without a receipt",
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
