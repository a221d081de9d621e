"""A payment intent as it is when nothing has been done with it. https://docs.stripe.com/api/payment_intents/object"""

import secrets
from typing import Any

from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.worlds import Json


def new_intent(call: Call, **fields: Any) -> Json:
    """Return a new intent over nothing yet, neither kept nor told of."""
    id = new_id("pi")
    return blank(
        "payment_intent",
        **{
            "id": id,
            "amount": 0,
            "amount_details": {"tip": {}},
            "client_secret": f"{id}_secret_{secrets.token_hex(12)}",
            "created": call.now,
            "metadata": {},
            "payment_method_types": ["card"],
            **fields,
        },
    )
