"""Balance transactions: what each charge, refund and dispute does to the balance.

https://docs.stripe.com/api/balance_transactions, https://docs.stripe.com/reports/reporting-categories
"""

from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import missing_resource
from sandbox.stripe.lists import list_objects
from sandbox.stripe.settlement import convert, processing_fee, settlement_currency
from sandbox.worlds import Json, World


def retrieve(call: Call) -> Json:
    """Answer GET /v1/balance_transactions/{id}."""
    return shown(call.world, call.find("balance_transaction", call.ids["id"]))


def list_transactions(call: Call) -> Json:
    """Answer GET /v1/balance_transactions. There are no payouts, so that every id of one is unknown."""
    if "payout" in call.params:
        raise missing_resource("payout", call.params["payout"], param="payout", status=400)
    found = list_objects(
        call, "balance_transaction", "/v1/balance_transactions", "currency", "source", "type"
    )
    return {**found, "data": [shown(call.world, each) for each in found["data"]]}


def shown(world: World, transaction: Json) -> Json:
    """Return a transaction as of now: what was pending is available from its `available_on`."""
    is_due = transaction["available_on"] <= world.clocks["stripe"].now()
    return {**transaction, "status": "available"} if is_due else transaction


def book_charge(call: Call, charge: Json, *, available_on: int) -> Json:
    """Keep what a charge brings, less Stripe's fee, in the currency in which it settles."""
    into = settlement_currency(call.world, charge["currency"])
    settled, _ = convert(call.world, charge["amount"], charge["currency"], into)
    fee = processing_fee(call.world, settled, into)
    fees = [("Stripe processing fees", fee)]
    return book(call, charge, charge["amount"], "charge", fees=fees, available_on=available_on)


def book_refund(call: Call, refund: Json, charge: Json) -> Json:
    """Keep what a refund takes, at today's rate. The charge's fee does not come back.

    Source: https://docs.stripe.com/refunds
    """
    description = f"REFUND FOR CHARGE ({charge['description']})" if charge["description"] else None
    return book(call, refund, -refund["amount"], "refund", description=description)


def book(
    call: Call,
    source: Json,
    amount: int,
    type: str,
    *,
    category: str | None = None,
    fees: list[tuple[str, int]] | None = None,
    description: str | None = None,
    available_on: int | None = None,
) -> Json:
    """Keep one movement of `amount`, given in the source's currency. `fees` are settled already."""
    currency = settlement_currency(call.world, source["currency"])
    settled, rate = convert(call.world, amount, source["currency"], currency)
    details = [_fee(fee, currency, text) for text, fee in fees or () if fee]
    fee = sum(each["amount"] for each in details)
    when = available_on if available_on is not None else call.now
    return call.save(
        blank(
            "balance_transaction",
            id=new_id("txn"),
            amount=settled,
            available_on=when,
            created=call.now,
            currency=currency,
            description=description or source.get("description"),
            exchange_rate=rate,
            fee=fee,
            fee_details=details,
            net=settled - fee,
            reporting_category=category or type,
            source=source["id"],
            status="pending" if when > call.now else "available",
            type=type,
        )
    )


def _fee(amount: int, currency: str, description: str) -> Json:
    return {
        "amount": amount,
        "application": None,
        "currency": currency,
        "description": description,
        "type": "stripe_fee",
    }
