from billing.models.inbox import StripeEvent
from billing.models.orders import Order, Payment
from billing.models.refunds import Refund

__all__ = ["Order", "Payment", "Refund", "StripeEvent"]
