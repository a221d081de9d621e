"""Events can be looked up for 30 days. https://docs.stripe.com/api/events"""

from sandbox.stripe.call import Call
from sandbox.stripe.errors import missing_resource, unserved
from sandbox.stripe.lists import page_of
from sandbox.worlds import Json

_KEPT_SECONDS = 30 * 86400


def retrieve(call: Call) -> Json:
    """Answer GET /v1/events/{id}."""
    event = call.find("event", call.ids["id"])
    if call.now - event["created"] > _KEPT_SECONDS:
        raise missing_resource("event", event["id"], param="id")
    return event


def list_events(call: Call) -> Json:
    """Answer GET /v1/events."""
    params = call.params
    if "delivery_success" in params:
        raise unserved("the filter delivery_success of events")
    since = params.get("created", {})
    since = since if isinstance(since, dict) else {"gte": since, "lte": since}
    wanted = params.get("types") or ([params["type"]] if "type" in params else None)
    events = [
        event
        for event in call.world.all("event")
        if call.now - event["created"] <= _KEPT_SECONDS
        and since.get("gte", 0) <= event["created"] <= since.get("lte", event["created"])
        and since.get("gt", -1) < event["created"] < since.get("lt", event["created"] + 1)
        and (wanted is None or event["type"] in wanted)
    ]
    return page_of(events, params, url="/v1/events")
