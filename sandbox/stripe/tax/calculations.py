"""Tax calculations: what of a sum is tax, where the buyer is. https://docs.stripe.com/api/tax/calculations"""

from decimal import ROUND_HALF_UP
from typing import Any

from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import ApiError, invalid, refuse_unserved, unserved
from sandbox.stripe.lists import page_of
from sandbox.stripe.money import check_currency, smallest_step
from sandbox.stripe.tax.location import address_of, is_reverse_charge
from sandbox.stripe.tax.rates import Rate, rate_for
from sandbox.worlds import Json, World

KIND = "tax.calculation"
_LINES = "_tax_lines"
_GENERAL = "txcd_10000000"
_NONTAXABLE = "txcd_00000000"
_KEPT_SECONDS = 90 * 86400
_A_DAY = 1000  # in test mode
_SERVED = {"currency", "customer_details", "expand", "line_items", "tax_date"}


def create(call: Call) -> Json:
    """Answer POST /v1/tax/calculations. :raises ApiError: no usable address, or too many today."""
    params = call.params
    refuse_unserved(params, _SERVED, of="a tax calculation")
    today = [each for each in call.world.all(KIND) if each["tax_date"] > call.now - 86400]
    if len(today) >= _A_DAY:
        message = f"Test mode allows {_A_DAY} tax calculations a day."
        raise ApiError(429, "invalid_request_error", message, code="rate_limit", is_stored=False)
    currency = check_currency(params["currency"])
    details = params.get("customer_details", {})
    address = address_of(details)
    id = new_id("taxcalc")
    lines = [
        _line(call, given, currency, address, details, at) for at, given in enumerate(params["line_items"])
    ]
    _check_references(lines)
    call.world.put(_LINES, id, {"data": lines})
    return call.save(_shape(call, id, currency, address, lines))


def retrieve(call: Call) -> Json:
    """Answer GET /v1/tax/calculations/{calculation}; it is kept for 90 days."""
    found = call.find(KIND, call.ids["calculation"])
    if call.now >= found["expires_at"]:
        raise invalid("This tax calculation has expired.", code="resource_missing", param="calculation")
    return found


def list_lines(call: Call) -> Json:
    """Answer GET /v1/tax/calculations/{calculation}/line_items."""
    id = retrieve(call)["id"]
    return page_of(lines_of(call.world, id)[::-1], call.params, url=f"/v1/tax/calculations/{id}/line_items")


def lines_of(world: World, id: str) -> list[Json]:
    """Return a calculation's lines in the order in which they were given."""
    return list((world.get(_LINES, id) or {}).get("data", []))


def shown_lines(world: World, calculation: Json) -> Json:
    """Return the list that `line_items` expands to."""
    url = f"/v1/tax/calculations/{calculation['id']}/line_items"
    return page_of(lines_of(world, calculation["id"])[::-1], {}, url=url)


def _line(call: Call, given: Json, currency: str, address: Json, details: Json, at: int) -> Json:
    if set(given) & {"product", "performance_location"}:
        raise unserved("line_items by product or place of performance")
    country, code = address["country"], given.get("tax_code", _GENERAL)
    rate, reason = _taxed(call.world, country, code, details)
    inclusive = given.get("tax_behavior", "exclusive") == "inclusive"
    tax = _whole(rate, given["amount"], inclusive, currency)
    percent = {
        "percentage_decimal": rate.percent if rate else "0.0",
        "tax_type": rate.type if rate else "vat",
    }
    breakdown: Json = {
        "amount": tax,
        "jurisdiction": {"country": country, "display_name": country, "level": "country", "state": None},
        "sourcing": "destination",
        "tax_rate_details": {"display_name": rate.name, **percent} if rate else None,
        "taxability_reason": reason,
        "taxable_amount": (given["amount"] - tax if inclusive else given["amount"]) if rate else 0,
    }
    return blank(
        "tax.calculation_line_item",
        id=new_id("tax_li", 14),
        amount=given["amount"],
        amount_tax=tax,
        metadata=given.get("metadata"),
        quantity=given.get("quantity", 1),
        reference=given.get("reference", f"L{at + 1}"),
        tax_behavior="inclusive" if inclusive else "exclusive",
        tax_breakdown=[breakdown],
        tax_code=code,
    )


def _taxed(world: World, country: str, code: str, details: Json) -> tuple[Rate | None, str]:
    """Return the rate and why it is this one."""
    rate = rate_for(world, country)
    override = details.get("taxability_override", "none")
    if override == "customer_exempt":
        return None, "customer_exempt"
    if rate is None:
        return None, "not_collecting"
    if code == _NONTAXABLE:
        return None, "product_exempt"
    if override == "reverse_charge" or is_reverse_charge(country, details):
        return None, "reverse_charge"
    return rate, "standard_rated"


def _whole(rate: Rate | None, amount: int, inclusive: bool, currency: str) -> int:
    if rate is None:
        return 0
    step = smallest_step(currency)
    share = rate.of(amount, inclusive=inclusive) / step
    return int(share.to_integral_value(ROUND_HALF_UP)) * step


def _check_references(lines: list[Json]) -> None:
    if len({line["reference"] for line in lines}) < len(lines):
        raise invalid("The reference of each line item must be unique.", param="line_items")


def _shape(call: Call, id: str, currency: str, address: Json, lines: list[Json]) -> Json:
    details = call.params.get("customer_details", {})
    on_top = sum(line["amount_tax"] for line in lines if line["tax_behavior"] == "exclusive")
    within = sum(line["amount_tax"] for line in lines if line["tax_behavior"] == "inclusive")
    shown: Json = {
        "address": address,
        "address_source": details.get("address_source", "billing"),
        "ip_address": None,
        "tax_ids": details.get("tax_ids", []),
        "taxability_override": details.get("taxability_override", "none"),
    }
    return blank(
        KIND,
        id=id,
        amount_total=sum(line["amount"] for line in lines) + on_top,
        currency=currency,
        customer_details=shown,
        expires_at=call.now + _KEPT_SECONDS,
        tax_amount_exclusive=on_top,
        tax_amount_inclusive=within,
        tax_breakdown=[_summary(line, address["country"]) for line in lines],
        tax_date=call.params.get("tax_date", call.now),
    )


def _summary(line: Json, country: str) -> Json:
    of_line: Any = line["tax_breakdown"][0]
    rate = of_line["tax_rate_details"]
    return {
        "amount": of_line["amount"],
        "inclusive": line["tax_behavior"] == "inclusive",
        "tax_rate_details": {
            **{"country": country, "flat_amount": None, "state": None},
            "percentage_decimal": rate["percentage_decimal"] if rate else "0.0",
            "rate_type": "percentage" if rate else None,
            "tax_type": rate["tax_type"] if rate else None,
        },
        "taxability_reason": of_line["taxability_reason"],
        "taxable_amount": of_line["taxable_amount"],
    }
