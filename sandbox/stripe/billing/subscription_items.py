"""Items of subscriptions, looked up and changed one by one. https://docs.stripe.com/api/subscription_items"""

import dataclasses

from sandbox.stripe.billing import subscription_updates
from sandbox.stripe.call import Call
from sandbox.stripe.errors import missing_resource, refuse_unserved
from sandbox.stripe.lists import page_of
from sandbox.worlds import Json

_UPDATE = {"expand", "off_session", "payment_behavior", "proration_behavior", "proration_date"}
_ITEM = {"metadata", "price", "quantity"}


def retrieve(call: Call) -> Json:
    """Answer GET /v1/subscription_items/{item}."""
    return _find(call)[1]


def list_items(call: Call) -> Json:
    """Answer GET /v1/subscription_items."""
    subscription = call.find("subscription", call.params["subscription"], param="subscription")
    return page_of(subscription["items"]["data"], call.params, url="/v1/subscription_items")


def update(call: Call) -> Json:
    """Answer POST /v1/subscription_items/{item}: as a change of its subscription."""
    refuse_unserved(call.params, _UPDATE | _ITEM, of="an item")
    subscription, item = _find(call)
    changes = {name: call.params[name] for name in _ITEM if name in call.params}
    params = {name: value for name, value in call.params.items() if name in _UPDATE - {"expand"}}
    params["items"] = [{"id": item["id"], **changes}]
    ids = {"subscription_exposed_id": subscription["id"]}
    subscription_updates.update(dataclasses.replace(call, params=params, ids=ids))
    return _find(call)[1]


def _find(call: Call) -> tuple[Json, Json]:
    for subscription in call.world.all("subscription"):
        for item in subscription["items"]["data"]:
            if item["id"] == call.ids["item"]:
                return subscription, item
    raise missing_resource("subscription_item", call.ids["item"], param="item")
