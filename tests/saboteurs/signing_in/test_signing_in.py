"""Every guard of signing in and of its sessions carries weight."""

from accounts.models import SignInCode
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.signing_in import attacks, guards
from tests.saboteurs.taking_away import without

SABOTAGES = {
    "tries at a code are few": Sabotage(
        guards.any_number_of_tries, attacks.a_code_is_guessed, "the sixth guess"
    ),
    "a code is used once": Sabotage(guards.any_code_is_good, attacks.a_code_is_used_twice, "a second time"),
    "a link to sign in grows old": Sabotage(
        guards.any_code_is_good, attacks.an_old_link_is_pressed, "an old link"
    ),
    "a mailbox's mails are few": Sabotage(
        without(SignInCode, "one_sign_in_mail_per_turn"), attacks.many_ask_at_once, "8 mails"
    ),
    "the office opens after a second step": Sabotage(
        guards.no_second_step, attacks.staff_enter_with_a_mailed_code_alone, "answered 200"
    ),
    "an address elsewhere was verified": Sabotage(
        guards.every_address_elsewhere_is_proved,
        attacks.an_address_is_only_claimed_elsewhere,
        "it opened Ada's account",
    ),
    "a code links what waited for it": Sabotage(
        guards.any_code_links, attacks.a_way_in_is_left_behind_in_a_cafe, "Eve's Naver"
    ),
    "a report of a mail is signed": Sabotage(
        guards.any_report_is_signed, attacks.a_stranger_reports_a_mail, "answered 200"
    ),
    "a report is the one that was signed": Sabotage(
        guards.any_report_is_the_signed_one, attacks.a_report_is_swapped_on_its_way, "answered 200"
    ),
    "a report is heard a few times": Sabotage(
        guards.reports_are_endless, attacks.a_report_is_sent_without_end, "answered 200"
    ),
    "one ends one's own sessions": Sabotage(
        guards.anybody_s_sessions, attacks.a_stranger_ends_a_session, "Bo signed Ada out"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
