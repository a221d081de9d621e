"""Starting a subscription: its items, its trial, its first invoice. https://docs.stripe.com/api/subscriptions/create"""

from sandbox.stripe import setup_intents
from sandbox.stripe.billing import collecting, discounts, invoice_lines, invoice_making, subscription_life
from sandbox.stripe.billing.periods import end_of_period
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import ApiError, invalid
from sandbox.worlds import Json

_TWO_YEARS = 730 * 86400


def start(call: Call, customer: Json) -> Json:
    """Make the subscription that the call describes, checked already, and its first invoice."""
    params = call.params
    trial_end = _trial_end(call)
    id = new_id("sub")
    items = [new_item(call, id, given, trial_end) for given in params["items"]]
    subscription = _shape(call, id, customer, items, trial_end)
    if "discounts" in params:
        discounts.grant(call, subscription)
    waits = params.get("payment_behavior", "allow_incomplete") == "default_incomplete"
    try:
        _want_card(call, subscription, waits=waits)
    except ApiError:
        discounts.take_back(call, subscription)
        raise
    discounts.tell(call, subscription)
    _bill(call, subscription, is_trial=trial_end is not None, waits=waits)
    return subscription


def _want_card(call: Call, subscription: Json, *, waits: bool) -> None:
    """Refuse what nobody would pay; where nothing is to be paid yet, open a setup intent for later."""
    if collecting.method_of(call, subscription) is not None:
        return
    costs = not subscription["trial_end"] and _first_sum(call, subscription) > 0
    if costs and not waits:
        raise invalid(collecting.NO_METHOD, code="resource_missing")
    if waits and not costs:
        setup = setup_intents.make(call, customer=subscription["customer"])
        call.emit("setup_intent.created", setup)
        subscription["pending_setup_intent"] = setup["id"]


def _first_sum(call: Call, subscription: Json) -> int:
    items = subscription["items"]["data"]
    lines = [invoice_lines.period_line(call, subscription, item) for item in items]
    return int(invoice_making.shape(call, subscription, lines, reason="upcoming")["amount_due"])


def new_item(call: Call, subscription_id: str, given: Json, trial_end: int | None) -> Json:
    """Return an item of a subscription that begins now. :raises ApiError: its price is of no use."""
    price = usable_price(call, given.get("price"))
    end = trial_end or end_of_period(call.now, price["recurring"], call.now)
    return blank(
        "subscription_item",
        id=new_id("si", 14),
        created=call.now,
        current_period_end=end,
        current_period_start=call.now,
        discounts=[],
        metadata=given.get("metadata") or {},
        price=price,
        quantity=given.get("quantity", 1),
        subscription=subscription_id,
        tax_rates=[],
    )


def usable_price(call: Call, id: str | None) -> Json:
    """Return a copy of a recurring, active price."""
    if id is None:
        message = "Missing required param: items[0][price]."
        raise invalid(message, code="parameter_missing", param="items[0][price]")
    price = call.find("price", id, param="items[0][price]")
    if not price["active"]:
        message = f"The price specified is inactive. This field only accepts active prices. Price: {id}"
        raise invalid(message, param="items[0][price]")
    if price["type"] != "recurring":
        message = (
            "The price specified is set to `type=one_time` but this field only accepts recurring prices."
        )
        raise invalid(message, param="items[0][price]")
    return dict(price)


def items_list(subscription_id: str, items: list[Json]) -> Json:
    """Return items as a subscription shows them."""
    url = f"/v1/subscription_items?subscription={subscription_id}"
    return {"object": "list", "data": items, "has_more": False, "url": url}


def _bill(call: Call, subscription: Json, *, is_trial: bool, waits: bool) -> None:
    subscription["latest_invoice"] = new_id("in")
    call.save(subscription)
    call.emit("customer.subscription.created", subscription)
    items = subscription["items"]["data"]
    lines = [invoice_lines.period_line(call, subscription, item, is_trial=is_trial) for item in items]
    invoice = invoice_making.draft(
        call, subscription, lines, reason="subscription_create", id=subscription["latest_invoice"]
    )
    invoice_making.finalize(call, invoice, subscription)
    if invoice["status"] == "paid" and not is_trial:
        subscription_life.change(call, subscription, status="active")
    elif invoice["status"] == "open" and not waits:
        try:
            collecting.attempt(call, invoice, off_session=bool(call.params.get("off_session")))
        except ApiError as error:
            if error.status != 402:
                raise


def _trial_end(call: Call) -> int | None:
    params = call.params
    if "trial_end" in params and "trial_period_days" in params:
        raise invalid("You may only specify one of these parameters: trial_end, trial_period_days.")
    if "trial_period_days" in params:
        days = params["trial_period_days"]
        if not 0 <= days <= 730:
            raise invalid("A trial may have 730 days at most.", param="trial_period_days")
        return call.now + days * 86400 if days else None
    end = params.get("trial_end", "now")
    if end == "now":
        return None
    if not call.now < int(end) <= call.now + _TWO_YEARS:
        raise invalid(
            "Invalid timestamp: must be an integer Unix timestamp in the future.", param="trial_end"
        )
    return int(end)


def _shape(call: Call, id: str, customer: Json, items: list[Json], trial_end: int | None) -> Json:
    params = call.params
    ends = params.get("trial_settings", {}).get("end_behavior", {})
    settings = params.get("payment_settings", {})
    saves = settings.get("save_default_payment_method", "off")
    return blank(
        "subscription",
        id=id,
        automatic_tax={"disabled_reason": None, "enabled": False, "liability": None},
        billing_cycle_anchor=trial_end or call.now,
        billing_mode={"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        billing_schedules=[],
        cancel_at_period_end=False,
        cancellation_details={"comment": None, "feedback": None, "reason": None},
        collection_method="charge_automatically",
        created=call.now,
        currency=items[0]["price"]["currency"],
        customer=customer["id"],
        default_payment_method=params.get("default_payment_method"),
        default_tax_rates=[],
        description=params.get("description"),
        discounts=[],
        invoice_settings=_INVOICES,
        items=items_list(id, items),
        metadata=call.merge_metadata({}),
        payment_settings={
            "payment_method_options": None,
            "payment_method_types": settings.get("payment_method_types") or None,
            "save_default_payment_method": saves,
        },
        start_date=call.now,
        status="trialing" if trial_end else "incomplete",
        test_clock=customer["test_clock"],
        trial_end=trial_end,
        trial_settings={
            "end_behavior": {"missing_payment_method": ends.get("missing_payment_method", "create_invoice")}
        },
        trial_start=call.now if trial_end else None,
    )


_INVOICES = {
    **dict.fromkeys(("account_tax_ids", "custom_fields", "description", "footer")),
    "issuer": {"type": "self"},
}
