"""What a test card does after its charge: a dispute or a warning. https://docs.stripe.com/testing#disputes

It is there at once: Stripe's own fixtures (https://docs.stripe.com/cli/trigger) list the dispute of a charge
with the very next call.
"""

from sandbox.stripe import dispute_life, fraud_warnings
from sandbox.stripe.call import Call
from sandbox.stripe.cards import Card
from sandbox.worlds import Json


def follow(call: Call, charge: Json, card: Card) -> None:
    """Bring the dispute or the warning that the card brings, if it does. No request of the shop caused it."""
    by_itself = Call(call.world, planned=call.planned, instant=call.instant)
    if card.warns_of_fraud:
        fraud_warnings.warn(by_itself, charge["id"])
    if card.dispute:
        dispute_life.dispute(by_itself, charge["id"], reason=card.dispute, inquiry=card.only_inquires)
