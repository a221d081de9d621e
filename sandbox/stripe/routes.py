"""Which function answers which call. Any other is answered as Stripe answers a wrong address."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.stripe import (
    balance,
    charges,
    confirmation_tokens,
    customers,
    disputes,
    event_log,
    fraud_warnings,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
    test_clocks,
)
from sandbox.stripe.billing import (
    coupons,
    invoice_payments,
    invoices,
    previews,
    prices,
    products,
    subscription_items,
    subscription_updates,
    subscriptions,
)
from sandbox.stripe.call import Call
from sandbox.stripe.contract import operations
from sandbox.stripe.tax import calculations, recording
from sandbox.worlds import Json

Handler = Callable[[Call], Json]

_HANDLERS: dict[str, Handler] = {
    "GET /v1/customers": customers.list_customers,
    "POST /v1/customers": customers.create,
    "GET /v1/customers/{customer}": customers.retrieve,
    "POST /v1/customers/{customer}": customers.update,
    "DELETE /v1/customers/{customer}": customers.delete,
    "GET /v1/payment_methods": payment_methods.list_methods,
    "GET /v1/payment_methods/{payment_method}": payment_methods.retrieve,
    "POST /v1/payment_methods/{payment_method}/attach": payment_methods.attach,
    "POST /v1/payment_methods/{payment_method}/detach": payment_methods.detach,
    "GET /v1/confirmation_tokens/{confirmation_token}": confirmation_tokens.retrieve,
    "POST /v1/test_helpers/confirmation_tokens": confirmation_tokens.create_test_token,
    "GET /v1/payment_intents": payment_intents.list_intents,
    "POST /v1/payment_intents": payment_intents.create,
    "GET /v1/payment_intents/{intent}": payment_intents.retrieve,
    "POST /v1/payment_intents/{intent}": payment_intents.update,
    "POST /v1/payment_intents/{intent}/confirm": payment_intents.confirm,
    "POST /v1/payment_intents/{intent}/cancel": payment_intents.cancel,
    "GET /v1/setup_intents": setup_intents.list_intents,
    "POST /v1/setup_intents": setup_intents.create,
    "GET /v1/setup_intents/{intent}": setup_intents.retrieve,
    "POST /v1/setup_intents/{intent}": setup_intents.update,
    "POST /v1/setup_intents/{intent}/confirm": setup_intents.confirm,
    "POST /v1/setup_intents/{intent}/cancel": setup_intents.cancel,
    "GET /v1/products": products.list_products,
    "POST /v1/products": products.create,
    "GET /v1/products/{id}": products.retrieve,
    "POST /v1/products/{id}": products.update,
    "GET /v1/prices": prices.list_prices,
    "POST /v1/prices": prices.create,
    "GET /v1/prices/{price}": prices.retrieve,
    "POST /v1/prices/{price}": prices.update,
    "GET /v1/coupons": coupons.list_coupons,
    "POST /v1/coupons": coupons.create,
    "GET /v1/coupons/{coupon}": coupons.retrieve,
    "POST /v1/coupons/{coupon}": coupons.update,
    "DELETE /v1/coupons/{coupon}": coupons.delete,
    "GET /v1/subscriptions": subscriptions.list_subscriptions,
    "POST /v1/subscriptions": subscriptions.create,
    "GET /v1/subscriptions/{subscription_exposed_id}": subscriptions.retrieve,
    "POST /v1/subscriptions/{subscription_exposed_id}": subscription_updates.update,
    "DELETE /v1/subscriptions/{subscription_exposed_id}": subscriptions.cancel,
    "GET /v1/subscription_items": subscription_items.list_items,
    "GET /v1/subscription_items/{item}": subscription_items.retrieve,
    "POST /v1/subscription_items/{item}": subscription_items.update,
    "POST /v1/invoices/create_preview": previews.create_preview,
    "GET /v1/test_helpers/test_clocks": test_clocks.list_clocks,
    "POST /v1/test_helpers/test_clocks": test_clocks.create,
    "GET /v1/test_helpers/test_clocks/{test_clock}": test_clocks.retrieve,
    "DELETE /v1/test_helpers/test_clocks/{test_clock}": test_clocks.delete,
    "POST /v1/test_helpers/test_clocks/{test_clock}/advance": test_clocks.advance,
    "GET /v1/invoices": invoices.list_invoices,
    "GET /v1/invoices/{invoice}": invoices.retrieve,
    "POST /v1/invoices/{invoice}/pay": invoices.pay,
    "POST /v1/invoices/{invoice}/void": invoices.void,
    "GET /v1/invoice_payments": invoice_payments.list_payments,
    "GET /v1/invoice_payments/{invoice_payment}": invoice_payments.retrieve,
    "POST /v1/tax/calculations": calculations.create,
    "GET /v1/tax/calculations/{calculation}": calculations.retrieve,
    "GET /v1/tax/calculations/{calculation}/line_items": calculations.list_lines,
    "GET /v1/tax/transactions/{transaction}": recording.retrieve,
    "GET /v1/tax/associations/find": recording.find_association,
    "GET /v1/charges": charges.list_charges,
    "GET /v1/charges/{charge}": charges.retrieve,
    "GET /v1/balance_transactions": balance.list_transactions,
    "GET /v1/balance_transactions/{id}": balance.retrieve,
    "GET /v1/refunds": refunds.list_refunds,
    "POST /v1/refunds": refunds.create,
    "GET /v1/refunds/{refund}": refunds.retrieve,
    "POST /v1/refunds/{refund}": refunds.update,
    "GET /v1/disputes": disputes.list_disputes,
    "GET /v1/disputes/{dispute}": disputes.retrieve,
    "POST /v1/disputes/{dispute}": disputes.update,
    "POST /v1/disputes/{dispute}/close": disputes.close,
    "GET /v1/radar/early_fraud_warnings": fraud_warnings.list_warnings,
    "GET /v1/radar/early_fraud_warnings/{early_fraud_warning}": fraud_warnings.retrieve,
    "GET /v1/events": event_log.list_events,
    "GET /v1/events/{id}": event_log.retrieve,
}


@dataclass(frozen=True)
class Route:
    """One call that is served; `name` is as faults name it: `POST /v1/payment_intents/{intent}/confirm`."""

    name: str
    method: str
    pattern: re.Pattern[str]
    operation: Json
    handler: Handler


def _route(method: str, path: str, operation: Json) -> Route:
    name = f"{method} {path}"
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
    return Route(name, method, pattern, operation, _HANDLERS[name])


_ROUTES = [_route(*operation) for operation in operations()]


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the route and the ids in the address."""
    for route in _ROUTES:
        fits = route.pattern.fullmatch(path) if route.method == method else None
        if fits:
            return route, fits.groupdict()
    return None
