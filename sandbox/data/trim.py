"""Cut Stripe's OpenAPI document and sample objects down to what the sandbox serves.

    python -m sandbox.data.trim OPENAPI.json FIXTURES.json

Writes `openapi.json` and `samples.json` beside this file. Kept are the paths of SERVED with their
parameters, and the schemas their answers reach. Where an answer may hold an object that is not
served, its schema becomes `{}` ("anything"), or just the id where the field is expandable. Texts are dropped.
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

SERVED = {
    "/v1/customers": ("get", "post"),
    "/v1/customers/{customer}": ("get", "post", "delete"),
    "/v1/payment_methods": ("get",),
    "/v1/payment_methods/{payment_method}": ("get",),
    "/v1/payment_methods/{payment_method}/attach": ("post",),
    "/v1/payment_methods/{payment_method}/detach": ("post",),
    "/v1/confirmation_tokens/{confirmation_token}": ("get",),
    "/v1/test_helpers/confirmation_tokens": ("post",),
    "/v1/payment_intents": ("get", "post"),
    "/v1/payment_intents/{intent}": ("get", "post"),
    "/v1/payment_intents/{intent}/confirm": ("post",),
    "/v1/payment_intents/{intent}/cancel": ("post",),
    "/v1/setup_intents": ("get", "post"),
    "/v1/setup_intents/{intent}": ("get", "post"),
    "/v1/setup_intents/{intent}/confirm": ("post",),
    "/v1/setup_intents/{intent}/cancel": ("post",),
    "/v1/products": ("get", "post"),
    "/v1/products/{id}": ("get", "post"),
    "/v1/prices": ("get", "post"),
    "/v1/prices/{price}": ("get", "post"),
    "/v1/coupons": ("get", "post"),
    "/v1/coupons/{coupon}": ("get", "post", "delete"),
    "/v1/subscriptions": ("get", "post"),
    "/v1/subscriptions/{subscription_exposed_id}": ("get", "post", "delete"),
    "/v1/subscription_items": ("get",),
    "/v1/subscription_items/{item}": ("get", "post"),
    "/v1/invoices/create_preview": ("post",),
    "/v1/invoices": ("get",),
    "/v1/invoices/{invoice}": ("get",),
    "/v1/invoices/{invoice}/pay": ("post",),
    "/v1/invoices/{invoice}/void": ("post",),
    "/v1/invoice_payments": ("get",),
    "/v1/invoice_payments/{invoice_payment}": ("get",),
    "/v1/test_helpers/test_clocks": ("get", "post"),
    "/v1/test_helpers/test_clocks/{test_clock}": ("get", "delete"),
    "/v1/test_helpers/test_clocks/{test_clock}/advance": ("post",),
    "/v1/tax/calculations": ("post",),
    "/v1/tax/calculations/{calculation}": ("get",),
    "/v1/tax/calculations/{calculation}/line_items": ("get",),
    "/v1/tax/transactions/{transaction}": ("get",),
    "/v1/tax/associations/find": ("get",),
    "/v1/charges": ("get",),
    "/v1/charges/{charge}": ("get",),
    "/v1/balance_transactions": ("get",),
    "/v1/balance_transactions/{id}": ("get",),
    "/v1/refunds": ("get", "post"),
    "/v1/refunds/{refund}": ("get", "post"),
    "/v1/disputes": ("get",),
    "/v1/disputes/{dispute}": ("get", "post"),
    "/v1/disputes/{dispute}/close": ("post",),
    "/v1/radar/early_fraud_warnings": ("get",),
    "/v1/radar/early_fraud_warnings/{early_fraud_warning}": ("get",),
    "/v1/events": ("get",),
    "/v1/events/{id}": ("get",),
}
RESOURCES = {
    "customer",
    "deleted_customer",
    "payment_method",
    "confirmation_token",
    "payment_intent",
    "setup_intent",
    "product",
    "price",
    "coupon",
    "deleted_coupon",
    "discount",
    "subscription",
    "subscription_item",
    "invoice",
    "line_item",
    "invoice_payment",
    "test_helpers.test_clock",
    "deleted_test_helpers.test_clock",
    "tax.calculation",
    "tax.calculation_line_item",
    "tax.transaction",
    "tax.transaction_line_item",
    "tax.association",
    "charge",
    "balance_transaction",
    "refund",
    "dispute",
    "radar.early_fraud_warning",
    "event",
    "error",
}
DROPPED = {
    "description",
    "title",
    "x-resourceId",
    "x-stripeOperations",
    "x-stripeResource",
    "x-stripeBypassValidation",
}
DROPPED |= {"x-stripeMostCommon", "x-stripeEvent", "x-stripeError", "example", "externalDocs", "operationId"}
Json = dict[str, Any]


def trim_openapi(spec: Json) -> Json:
    """Return the document with the served paths and the schemas they reach."""
    schemas = spec["components"]["schemas"]
    paths = {path: {verb: spec["paths"][path][verb] for verb in verbs} for path, verbs in SERVED.items()}
    endpoints = spec["paths"]["/v1/webhook_endpoints"]["post"]["requestBody"]["content"]
    form = endpoints["application/x-www-form-urlencoded"]["schema"]["properties"]["enabled_events"]
    foreign = {name for name, schema in schemas.items() if _is_resource(schema) and name not in RESOURCES}
    trimmed: Json = {"paths": _lean(paths, foreign), "schemas": {}, "event_types": form["items"]["enum"]}
    waiting = _references(trimmed["paths"]) | RESOURCES
    while waiting:
        name = waiting.pop()
        trimmed["schemas"][name] = _lean(schemas[name], foreign) if name not in foreign else {}
        waiting |= _references(trimmed["schemas"][name]) - set(trimmed["schemas"])
    return {
        "openapi": spec["openapi"],
        "info": {
            "version": spec["info"]["version"],
            "license": {"name": "MIT"},
        },
        "x-event-types": trimmed["event_types"],
        "paths": trimmed["paths"],
        "components": {"schemas": dict(sorted(trimmed["schemas"].items()))},
    }


def _is_resource(schema: Json) -> bool:
    """Tell whether a schema is that of an object with an id, or of a list."""
    properties = schema.get("properties", {})
    return ("object" in properties and ("id" in properties or "data" in properties)) or "anyOf" in schema


def _lean(node: Any, foreign: set[str]) -> Any:
    if isinstance(node, list):
        return [_lean(item, foreign) for item in node]
    if not isinstance(node, dict):
        return node
    if "anyOf" in node and "x-expansionResources" in node:
        known = [option for option in node["anyOf"] if _name(option) not in foreign]
        node = {**node, "anyOf": known, "x-expansionResources": {"oneOf": [o for o in known if "$ref" in o]}}
    return {key: _lean(value, foreign) for key, value in node.items() if not _is_text(key, value)}


def _is_text(key: str, value: Any) -> bool:
    return key in DROPPED and not (isinstance(value, dict) and ("type" in value or "anyOf" in value))


def _name(option: Json) -> str:
    return str(option.get("$ref", "")).rpartition("/")[2]


def _references(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_references, node))
    if not isinstance(node, dict):
        return set()
    found = {_name(node)} if isinstance(node.get("$ref"), str) else set()
    return found.union(*map(_references, node.values()))


def main() -> None:
    """Write both files."""
    spec, samples = (json.loads(Path(name).read_text()) for name in sys.argv[1:3])
    wanted = {name: sample for name, sample in samples["resources"].items() if name in RESOURCES}
    for name, content in (("openapi", trim_openapi(spec)), ("samples", dict(sorted(wanted.items())))):
        (HERE / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
