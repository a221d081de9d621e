"""Balance transactions: what a charge brings and a refund takes. https://docs.stripe.com/api/balance_transactions"""

from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.worlds import Json

_FEE_PERCENT = 3


def retrieve(call: Call) -> Json:
    """Answer GET /v1/balance_transactions/{id}."""
    return call.find("balance_transaction", call.ids["id"])


def book(call: Call, source: Json, kind: str, amount: int, *, available_on: int) -> Json:
    """Keep one movement of money. Charges bear a fee of 3 %; everything settles in its own currency."""
    fee = amount * _FEE_PERCENT // 100 if kind == "charge" else 0
    details = {"amount": fee, "application": None, "currency": source["currency"]}
    details |= {"description": "Stripe processing fees", "type": "stripe_fee"}
    return call.save(
        blank(
            "balance_transaction",
            id=new_id("txn"),
            amount=amount,
            available_on=available_on,
            created=call.now,
            currency=source["currency"],
            description=source.get("description"),
            fee=fee,
            fee_details=[details] if fee else [],
            net=amount - fee,
            reporting_category=kind,
            source=source["id"],
            status="pending" if available_on > call.now else "available",
            type=kind,
        )
    )
