"""Every guard of addresses and what was mailed to them carries weight."""

from tests.saboteurs.addressing import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs

SABOTAGES = {
    "an address that was proved is not put right": Sabotage(
        guards.any_address_is_corrected,
        attacks.an_address_is_changed_that_was_proved_meanwhile,
        "went to Eve",
    ),
    "another address ends all other sessions": Sabotage(
        guards.sessions_outlive_the_address,
        attacks.a_thief_of_the_old_mailbox_stays_signed_in,
        "answered 200",
    ),
    "a link in a mail dies with its address": Sabotage(
        guards.links_of_old_mails_open, attacks.the_wrong_addressee_reads_on, "answered 200"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
