"""Every guard of the books carries weight."""

from billing.models import BalanceTransaction, LedgerEntry
from tests.saboteurs.books import attacks
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import without, without_trigger

SABOTAGES = {
    "one set per cause": Sabotage(
        without(LedgerEntry, "one_set_per_cause"), attacks.one_sale_is_booked_twice, "booked twice"
    ),
    "a movement's id is unique": Sabotage(
        without(BalanceTransaction, "transaction_id"),
        attacks.one_movement_is_fetched_twice,
        "one movement was kept twice",
    ),
    "an entry is never changed": Sabotage(
        without_trigger(LedgerEntry, "books_stay"),
        attacks.an_entry_is_rewritten,
        "rows changed: LedgerEntry",
    ),
    "an entry is never deleted": Sabotage(
        without_trigger(LedgerEntry, "books_stay"),
        attacks.a_sale_is_taken_out,
        "rows changed: LedgerEntry",
    ),
    "a movement is never changed": Sabotage(
        without_trigger(BalanceTransaction, "books_stay"),
        attacks.a_movement_is_rewritten,
        "rows changed: BalanceTransaction",
    ),
    "a set balances": Sabotage(
        without_trigger(LedgerEntry, "books_balance"),
        attacks.a_set_has_one_side,
        "debits and credits differ",
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
