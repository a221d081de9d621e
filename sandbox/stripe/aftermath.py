"""What a test card does some time after its charge. https://docs.stripe.com/testing#disputes"""

from sandbox.stripe import dispute_life, fraud_warnings, known_cards, later
from sandbox.stripe.call import Call
from sandbox.stripe.cards import Card
from sandbox.worlds import Json

COMES_AFTER_SECONDS = 1


def plan(call: Call, charge: Json, card: Card) -> None:
    """Plan the dispute or the warning that the card brings, if it does."""
    if card.dispute or card.warns_of_fraud:
        later.plan(call, "aftermath", charge["id"], after_seconds=COMES_AFTER_SECONDS)


def come(call: Call, charge_id: str) -> None:
    """Bring what was planned."""
    charge = call.find("charge", charge_id)
    card = known_cards.card_of(call, charge["payment_method"])
    if card.warns_of_fraud:
        fraud_warnings.warn(call, charge_id)
    if card.dispute:
        dispute_life.dispute(call, charge_id, reason=card.dispute, inquiry=card.only_inquires)
