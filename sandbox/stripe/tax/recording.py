"""Tax that was collected: recorded when an intent with a calculation is paid, reversed by its refunds.

https://docs.stripe.com/tax/payment-intent
https://docs.stripe.com/changelog/clover/2025-11-17/payment-intents-tax-support
"""

from decimal import ROUND_HALF_UP, Decimal

from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import missing_resource
from sandbox.stripe.lists import page_of
from sandbox.stripe.tax import calculations
from sandbox.worlds import Json, World

_KIND = "tax.transaction"
_ASSOCIATION = "tax.association"
_LINES = "_tax_transaction_lines"


def retrieve(call: Call) -> Json:
    """Answer GET /v1/tax/transactions/{transaction}."""
    return call.find(_KIND, call.ids["transaction"])


def find_association(call: Call) -> Json:
    """Answer GET /v1/tax/associations/find: what became of an intent's calculation."""
    found = _association_of(call.world, call.params["payment_intent"])
    if found is None:
        raise missing_resource("tax association", call.params["payment_intent"], param="payment_intent")
    return found


def commit(call: Call, intent: Json) -> None:
    """Record the tax of an intent that has just been paid, or why that cannot be."""
    id = intent.get("hooks", {}).get("inputs", {}).get("tax", {}).get("calculation")
    calculation = call.world.get(calculations.KIND, id or "")
    if calculation is None:
        return
    association = blank(
        _ASSOCIATION,
        id=new_id("taxa"),
        calculation=id,
        payment_intent=intent["id"],
        tax_transaction_attempts=[],
    )
    reason = _obstacle(call, calculation, intent)
    if reason:
        attempt: Json = {"errored": {"reason": reason}, "source": intent["id"], "status": "errored"}
    else:
        lines = calculations.lines_of(call.world, calculation["id"])
        made = _record(call, calculation, intent["id"], lines, Decimal(1), original=None)
        attempt = {"committed": {"transaction": made}, "source": intent["id"], "status": "committed"}
    association["tax_transaction_attempts"].append(attempt)
    call.save(association)


def reverse(call: Call, refund: Json) -> None:
    """Take back the part of the tax that a refund gives back."""
    association = _association_of(call.world, refund["payment_intent"])
    attempts = (association or {}).get("tax_transaction_attempts", [])
    if association is None or "committed" not in attempts[0]:
        return
    original = call.find(_KIND, attempts[0]["committed"]["transaction"])
    calculation = call.find(calculations.KIND, association["calculation"])
    share = -Decimal(refund["amount"]) / Decimal(calculation["amount_total"])
    lines = (call.world.get(_LINES, original["id"]) or {})["data"]
    made = _record(call, calculation, refund["id"], lines, share, original=original)
    attempts.append({"committed": {"transaction": made}, "source": refund["id"], "status": "committed"})
    call.save(association)


def shown_lines(world: World, transaction: Json) -> Json:
    """Return the list that `line_items` expands to."""
    lines = (world.get(_LINES, transaction["id"]) or {})["data"]
    return page_of(lines[::-1], {}, url=f"/v1/tax/transactions/{transaction['id']}/line_items")


def _obstacle(call: Call, calculation: Json, intent: Json) -> str | None:
    if call.now >= calculation["expires_at"]:
        return "calculation_expired"
    if calculation["currency"] != intent["currency"]:
        return "currency_mismatch"
    taken = [each["calculation"] for each in call.world.all(_ASSOCIATION)]
    return "another_payment_associated_with_calculation" if calculation["id"] in taken else None


def _record(
    call: Call, calculation: Json, reference: str, lines: list[Json], share: Decimal, *, original: Json | None
) -> str:
    type = "reversal" if original else "transaction"
    made = blank(
        _KIND,
        id=new_id("tax"),
        created=call.now,
        currency=calculation["currency"],
        customer_details=calculation["customer_details"],
        metadata={},
        posted_at=call.now,
        reference=reference,
        reversal={"original_transaction": original["id"]} if original else None,
        tax_date=calculation["tax_date"],
        type=type,
    )
    kept = [_line(line, share, type) for line in lines]
    call.world.put(_LINES, made["id"], {"data": kept})
    return str(call.save(made)["id"])


def _line(line: Json, share: Decimal, type: str) -> Json:
    same = ("metadata", "product", "quantity", "reference", "tax_behavior", "tax_code")
    return blank(
        "tax.transaction_line_item",
        id=new_id("tax_li", 14),
        amount=_part(line["amount"], share),
        amount_tax=_part(line["amount_tax"], share),
        reversal={"original_line_item": line["id"]} if type == "reversal" else None,
        type=type,
        **{name: line[name] for name in same},
    )


def _part(amount: int, share: Decimal) -> int:
    return int((amount * share).to_integral_value(ROUND_HALF_UP))


def _association_of(world: World, intent_id: str) -> Json | None:
    for association in world.all(_ASSOCIATION):
        if association["payment_intent"] == intent_id:
            return association
    return None
