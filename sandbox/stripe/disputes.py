"""Disputes: look up, answer, concede. https://docs.stripe.com/api/disputes, https://docs.stripe.com/disputes/api"""

from sandbox.copying import copied
from sandbox.stripe import dispute_life
from sandbox.stripe.call import Call
from sandbox.stripe.errors import ApiError, invalid, missing_resource, unserved
from sandbox.stripe.lists import list_objects
from sandbox.worlds import Json

_FILES = (
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
)
_MOST_CHARACTERS = 150_000
_VERDICTS = {
    "winning_evidence": dispute_life.win,
    "losing_evidence": dispute_life.lose,
    "escalate_inquiry_evidence": dispute_life.escalate,
}


def retrieve(call: Call) -> Json:
    """Answer GET /v1/disputes/{dispute}."""
    return call.find("dispute", call.ids["dispute"])


def list_disputes(call: Call) -> Json:
    """Answer GET /v1/disputes."""
    return list_objects(call, "dispute", "/v1/disputes", "charge", "payment_intent")


def update(call: Call) -> Json:
    """Answer POST /v1/disputes/{dispute}: evidence goes to the bank at once unless `submit` is false.

    :raises ApiError: the dispute is closed, or its evidence was submitted before.
    """
    if "intended_submission_method" in call.params:
        raise unserved("the parameter intended_submission_method of a dispute")
    was = call.find("dispute", call.ids["dispute"])
    found = copied(was)
    found["metadata"] = call.merge_metadata(found["metadata"])
    if "evidence" in call.params or call.params.get("submit"):
        _answer(call, found)
    call.save(found)
    call.emit("charge.dispute.updated", found, was=was)
    return found


def close(call: Call) -> Json:
    """Answer POST /v1/disputes/{dispute}/close: the shop gives up. :raises ApiError: it is closed."""
    found = call.find("dispute", call.ids["dispute"])
    dispute_life.lose(call, found["id"])
    return found


def decide(call: Call, dispute_id: str) -> None:
    """Decide by the words in the evidence; without them it stays under review.

    Source: https://docs.stripe.com/testing#evidence
    """
    found = call.find("dispute", dispute_id)
    verdict = _VERDICTS.get((found["evidence"]["uncategorized_text"] or "").strip())
    if verdict is not None:
        verdict(call, dispute_id)


def _answer(call: Call, found: Json) -> None:
    if found["status"] not in dispute_life.OPEN:
        raise invalid("This dispute is already closed.")
    if found["evidence_details"]["submission_count"]:
        raise invalid("Evidence for this dispute has already been submitted.")
    evidence = call.params.get("evidence", {})
    _check(evidence)
    found["evidence"] |= evidence
    texts = [text for text in found["evidence"].values() if isinstance(text, str)]
    if sum(map(len, texts)) > _MOST_CHARACTERS:
        raise invalid(f"Evidence may have {_MOST_CHARACTERS} characters in all.", param="evidence")
    found["evidence_details"]["has_evidence"] = bool(texts)
    if call.params.get("submit", True):
        dispute_life.submit(call, found)


def _check(evidence: Json) -> None:
    """Refuse files, since none can be uploaded here, and what no video shop needs."""
    for name, value in evidence.items():
        if name in _FILES:
            raise _no_file(name, value)
        if not isinstance(value, str):
            raise unserved(f"the evidence {name}")


def _no_file(name: str, id: str) -> ApiError:
    return missing_resource("file upload", id, param=f"evidence[{name}]", status=400)
