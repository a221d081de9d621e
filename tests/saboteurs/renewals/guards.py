"""Guards of paying a renewal and changing its card, to be taken away; see `taking_away`."""

from billing.joining import card_change, late_money, recovering, renewal_page
from tests.saboteurs.taking_away import instead

any_renewals_link_is_good = instead(renewal_page, "_is_good", lambda renewal, at: True)
any_renewals_link_is_everybodys = instead(renewal_page, "_is_anothers", lambda renewal, viewer: False)
any_renewal_is_alive = instead(recovering, "_is_alive", lambda renewal, at: True)
late_money_is_kept = instead(late_money, "give_back", lambda membership, subscription, paid, at: 0)
cards_are_tried_on_a_renewal_without_end = instead(recovering, "_MOST_A_DAY", 10**6)
cards_are_tried_on_a_membership_without_end = instead(card_change, "_MOST_A_DAY", 10**6)
cards_are_changed_while_they_pay = instead(card_change, "_is_being_paid", lambda membership: False)
