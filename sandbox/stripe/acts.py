"""What happens by itself after a while, by name. https://docs.stripe.com/testing"""

from sandbox.stripe import dispute_life, disputes, refund_ends, test_clocks
from sandbox.stripe.billing import due
from sandbox.stripe.call import Call
from sandbox.stripe.later import Act

ACTS: dict[str, Act] = {
    "clock": test_clocks.arrive,
    "dispute_due": dispute_life.miss,
    "dispute_verdict": disputes.decide,
    "refund": refund_ends.settle,
}


def tick(call: Call) -> None:
    """Do what is due by the world's own clock though nobody planned it."""
    due.tick(call)
