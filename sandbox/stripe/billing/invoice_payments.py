"""What ties an invoice to the intent that pays it. https://docs.stripe.com/api/invoice-payment"""

from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import unserved
from sandbox.stripe.lists import list_objects, page_of
from sandbox.worlds import Json, World

_KIND = "invoice_payment"


def retrieve(call: Call) -> Json:
    """Answer GET /v1/invoice_payments/{invoice_payment}."""
    return call.find(_KIND, call.ids["invoice_payment"])


def list_payments(call: Call) -> Json:
    """Answer GET /v1/invoice_payments: of an invoice, or of a payment intent."""
    wanted = call.params.get("payment", {})
    if wanted.get("type") == "payment_record":
        raise unserved("payment records")
    found = call.world.all(_KIND)
    if "payment_intent" in wanted:
        found = [each for each in found if each["payment"]["payment_intent"] == wanted["payment_intent"]]
    return list_objects(call, _KIND, "/v1/invoice_payments", "invoice", "status", of=found)


def make(call: Call, invoice: Json, intent: Json) -> Json:
    """Keep that this intent pays this invoice."""
    return call.save(
        blank(
            _KIND,
            id=new_id("inpay"),
            amount_requested=invoice["amount_due"],
            created=call.now,
            currency=invoice["currency"],
            invoice=invoice["id"],
            is_default=True,
            payment={"type": "payment_intent", "payment_intent": intent["id"]},
            status="open",
            status_transitions={"canceled_at": None, "paid_at": None},
        )
    )


def end(call: Call, invoice: Json, *, status: str) -> None:
    """Note that the invoice's payment is paid or canceled, and tell of what was paid."""
    for payment in _of(call.world, invoice["id"]):
        payment["status"] = status
        payment["status_transitions"] |= {f"{status}_at": call.now}
        if status == "paid":
            payment["amount_paid"] = payment["amount_requested"]
        call.save(payment)
        if status == "paid":
            call.emit("invoice_payment.paid", payment)


def intent_of(world: World, invoice: Json) -> Json | None:
    """Return the intent that pays an invoice; none where nothing is to be paid."""
    for payment in _of(world, invoice["id"]):
        return world.get("payment_intent", payment["payment"]["payment_intent"])
    return None


def invoice_of(world: World, intent_id: str) -> Json | None:
    """Return the invoice that an intent pays."""
    for payment in world.all(_KIND):
        if payment["payment"]["payment_intent"] == intent_id:
            return world.get("invoice", payment["invoice"])
    return None


def shown(world: World, invoice: Json) -> Json:
    """Return the list that `payments` of an invoice expands to."""
    return page_of(_of(world, invoice["id"]), {}, url="/v1/invoice_payments")


def _of(world: World, invoice_id: str) -> list[Json]:
    return [payment for payment in world.all(_KIND) if payment["invoice"] == invoice_id]
