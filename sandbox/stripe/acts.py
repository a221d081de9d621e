"""What happens by itself after a while, by name. https://docs.stripe.com/testing"""

from sandbox.stripe import refund_ends
from sandbox.stripe.later import Act

ACTS: dict[str, Act] = {"refund": refund_ends.settle}
