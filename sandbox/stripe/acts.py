"""What happens by itself after a while, by name. https://docs.stripe.com/testing"""

from sandbox.stripe import aftermath, dispute_life, disputes, refund_ends
from sandbox.stripe.later import Act

ACTS: dict[str, Act] = {
    "aftermath": aftermath.come,
    "dispute_due": dispute_life.miss,
    "dispute_verdict": disputes.decide,
    "refund": refund_ends.settle,
}
