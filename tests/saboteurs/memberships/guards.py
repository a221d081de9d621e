"""Guards of memberships, to be taken away; see `taking_away`."""

from billing.joining import plan_prospects, price_moves, renewing, trials
from billing.settling import fulfilment
from tests.saboteurs.taking_away import instead

# A renewal does not look at what was paid.
any_money_renews = instead(renewing, "_check", lambda membership, invoice, intent: None)

# Free days are given to whoever holds a quote of them.
no_look_for_an_earlier_trial = instead(trials, "check", lambda viewer, offer: None)

# A new price does not wait for the days of notice.
no_days_of_notice = instead(price_moves, "_was_told_in_time", lambda move: True)

# A change of plan does not ask Stripe once more what it costs.
any_sum_changes_the_plan = instead(plan_prospects, "still_costs", lambda membership, price, wish: True)

# A membership's order takes any intent that names no order.
any_intent_is_the_first_invoices = instead(
    fulfilment, "_is_first_invoice", lambda order, intent: order.offer.is_membership
)
