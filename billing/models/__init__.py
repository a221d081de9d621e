from billing.models.inbox import StripeEvent
from billing.models.orders import Order, Payment

__all__ = ["Order", "Payment", "StripeEvent"]
