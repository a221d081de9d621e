"""Early fraud warnings: an issuer says that a charge was fraud, before it disputes it.

https://docs.stripe.com/disputes/measuring#early-fraud-warnings, https://docs.stripe.com/api/radar/early_fraud_warnings
"""

from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import invalid
from sandbox.stripe.lists import list_objects
from sandbox.worlds import Json

_KIND = "radar.early_fraud_warning"
_TYPES = (
    "card_never_received",
    "fraudulent_card_application",
    "made_with_counterfeit_card",
    "made_with_lost_card",
    "made_with_stolen_card",
    "misc",
    "unauthorized_use_of_card",
)


def retrieve(call: Call) -> Json:
    """Answer GET /v1/radar/early_fraud_warnings/{early_fraud_warning}."""
    return call.find(_KIND, call.ids["early_fraud_warning"])


def list_warnings(call: Call) -> Json:
    """Answer GET /v1/radar/early_fraud_warnings."""
    return list_objects(call, _KIND, "/v1/radar/early_fraud_warnings", "charge", "payment_intent")


def warn(call: Call, charge_id: str, *, fraud_type: str = "unauthorized_use_of_card") -> None:
    """Let the issuer warn of a charge. :raises ApiError: it was not paid, or no issuer says so."""
    charge = call.find("charge", charge_id)
    if not charge["paid"] or fraud_type not in _TYPES:
        raise invalid(f"The charge must be paid, and the fraud one of {', '.join(_TYPES)}.")
    warning = blank(
        _KIND,
        id=new_id("issfr"),
        actionable=_is_actionable(charge),
        charge=charge_id,
        created=call.now,
        fraud_type=fraud_type,
        payment_intent=charge["payment_intent"],
    )
    call.save(warning)
    call.emit("radar.early_fraud_warning.created", warning)


def review(call: Call, charge: Json) -> None:
    """Take the warnings of a charge as settled once it is disputed or refunded in full."""
    for warning in call.world.all(_KIND):
        if warning["charge"] == charge["id"] and warning["actionable"] != _is_actionable(charge):
            was = dict(warning)
            warning["actionable"] = _is_actionable(charge)
            call.save(warning)
            call.emit("radar.early_fraud_warning.updated", warning, was=was)


def _is_actionable(charge: Json) -> bool:
    return not charge["disputed"] and not charge["refunded"]
