"""How setting up a card ends. https://docs.stripe.com/payments/setup-intents"""

from sandbox.stripe import known_cards, payment_methods
from sandbox.stripe.call import Call
from sandbox.stripe.declines import as_last_error
from sandbox.stripe.errors import ApiError
from sandbox.worlds import Json


def succeed(call: Call, intent: Json, method: Json) -> None:
    """Keep the card for later charges; a subscription that waited for it waits no longer.

    Whether it becomes the subscription's default is not documented: it does not, so that a shop which relies
    on it is found out; the world's configuration `trial_card_is_default` lets it.
    """
    intent |= {"last_setup_error": None, "next_action": None, "status": "succeeded"}
    intent["payment_method"] = method["id"]
    call.save(intent)
    if intent["customer"]:
        payment_methods.attach_to(call, method, intent["customer"])
    known_cards.mark_set_up(call, method["id"])
    call.emit("setup_intent.succeeded", intent)
    for subscription in call.world.all("subscription"):
        if subscription["pending_setup_intent"] == intent["id"]:
            was = dict(subscription)
            subscription["pending_setup_intent"] = None
            if call.world.config.get("trial_card_is_default"):
                subscription["default_payment_method"] = method["id"]
            call.save(subscription)
            call.emit("customer.subscription.updated", subscription, was=was)


def fail(call: Call, intent: Json, method: Json, error: ApiError) -> ApiError:
    """Send the setup intent back for another card; returns the error with the intent in it."""
    intent |= {
        "last_setup_error": as_last_error(error, method),
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    call.save(intent)
    call.emit("setup_intent.setup_failed", intent)
    error.error["setup_intent"] = dict(intent)
    error.error["payment_method"] = method
    return error
