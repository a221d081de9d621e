"""When a renewal that failed is tried again, and what comes after the last time.

https://docs.stripe.com/billing/revenue-recovery/smart-retries: the Dashboard decides, here the world's
configuration `retries`: {"after_days": [3, 5, 7], "then": "cancel"}, or "unpaid" or "past_due".
"""

from sandbox.worlds import Json, World

_AFTER_DAYS = [3, 5, 7]
_NOT_WITH_THIS_CARD = {  # a retry waits for another card
    *("authentication_required", "fraudulent", "highest_risk_level", "incorrect_number", "lost_card"),
    *("pickup_card", "revocation_of_all_authorizations", "revocation_of_authorization", "stolen_card"),
    "transaction_not_allowed",
}


def next_attempt(world: World, attempts: int, now: int) -> int | None:
    """Return when an invoice that failed so often is tried again; None where it is not."""
    days = (world.config.get("retries") or {}).get("after_days", _AFTER_DAYS)
    return now + days[attempts - 1] * 86400 if attempts <= len(days) else None


def last_resort(world: World) -> str:
    """Return what becomes of the subscription after the last failure."""
    return str((world.config.get("retries") or {}).get("then", "cancel"))


def is_worth_it(intent: Json, method: str) -> bool:
    """Tell whether charging this card again may help, after how the issuer declined it, or asked, last."""
    if intent["status"] == "requires_action" and intent["payment_method"] == method:
        return False
    error = intent["last_payment_error"]
    if error is None or error.get("payment_method", {}).get("id") != method:
        return True
    return not {error.get("code"), error.get("decline_code")} & _NOT_WITH_THIS_CARD
