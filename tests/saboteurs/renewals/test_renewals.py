"""Every guard of paying a renewal and changing its card carries weight."""

from tests.saboteurs.renewals import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs

SABOTAGES = {
    "a renewal's link grows old": Sabotage(
        guards.any_renewals_link_is_good, attacks.an_old_link_is_opened, "answered 200"
    ),
    "a renewal's link is for one account": Sabotage(
        guards.any_renewals_link_is_everybodys, attacks.anothers_link_is_opened, "answered 200"
    ),
    "what is over is not paid for": Sabotage(
        guards.any_renewal_is_alive, attacks.what_is_over_is_paid_for, "for what is over"
    ),
    "money that comes too late goes back": Sabotage(
        guards.late_money_is_kept, attacks.a_question_is_answered_too_late, "was kept"
    ),
    "tries on a renewal are counted": Sabotage(
        guards.cards_are_tried_on_a_renewal_without_end,
        attacks.cards_are_tried_on_a_renewal,
        "without end",
    ),
    "a payment comes before a change of its card": Sabotage(
        guards.cards_are_changed_while_they_pay, attacks.a_card_is_changed_while_it_pays, "than was said"
    ),
    "tries to change a card are counted": Sabotage(
        guards.cards_are_tried_on_a_membership_without_end,
        attacks.cards_are_tried_on_a_membership,
        "without end",
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
