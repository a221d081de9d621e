"""One call on its way: the world, the checked parameters, and the events that it causes."""

import secrets
import string
from dataclasses import dataclass, field
from typing import Any

from sandbox import deliveries
from sandbox.copying import copied
from sandbox.stripe.contract import blank, version
from sandbox.stripe.errors import invalid, missing_resource
from sandbox.worlds import Json, World

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return an id as Stripe makes them: `new_id("pi")` is `pi_` and 24 letters and digits."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


@dataclass
class Call:
    """What a handler works with. It holds the world's lock while it works.

    A change that no API call causes (a bank's page, a refund that fails later) is a `Call` of its own
    without `request_id`, as Stripe's events of such changes have none.
    """

    world: World
    params: Json = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    request_id: str | None = None
    idempotency_key: str | None = None
    planned: list[Json] = field(default_factory=list)
    instant: int | None = None

    @property
    def now(self) -> int:
        """Return the instant at which the call happens: its own if it has one, else the world's."""
        return self.world.clocks["stripe"].seconds() if self.instant is None else self.instant

    def follow(self, customer: Any) -> None:
        """Live at the time of the customer's test clock, if there is one.

        Source: https://docs.stripe.com/billing/testing/test-clocks
        """
        clock = (self.world.get("customer", str(customer)) or {}).get("test_clock")
        if clock and self.instant is None:
            self.instant = int(self.find("test_helpers.test_clock", clock)["frozen_time"])

    def find(self, kind: str, id: str, *, param: str | None = None) -> Json:
        """Return an object. `param` names the parameter that held the id, if it was not in the address."""
        found = self.world.get(kind, id)
        if found is None:
            what = "PaymentMethod" if kind == "payment_method" else kind.rpartition(".")[2].replace("_", "")
            raise missing_resource(what, id, param=param or "id", status=400 if param else 404)
        return found

    def save(self, body: Json) -> Json:
        """Keep an object under its kind and id."""
        return self.world.put(body["object"], body["id"], body)

    def emit(self, type: str, body: Json, *, was: Json | None = None) -> None:
        """Record an event about an object as it is now; it is delivered after the answer.

        `was`, a copy from before the change, gives the event its `previous_attributes`.
        Source: https://docs.stripe.com/api/events/object
        """
        data: Json = {"object": copied(body)}
        if was is not None:
            data["previous_attributes"] = _changed(was, body)
        event = blank(
            "event",
            id=new_id("evt"),
            api_version=version(),
            created=self.world.clocks["stripe"].seconds(),
            data=data,
            pending_webhooks=1 if self.world.config.get("webhook", {}).get("url") else 0,
            request={"id": self.request_id, "idempotency_key": self.idempotency_key},
            type=type,
        )
        self.save(event)
        self.planned += deliveries.plan(self.world, event)

    def merge_metadata(self, old: dict[str, str]) -> dict[str, str]:
        """Return metadata with the call's changes; an empty value unsets a key."""
        changes: Any = self.params.get("metadata", {})
        if changes == "":
            return {}
        merged = {key: value for key, value in {**old, **changes}.items() if value != ""}
        _check_metadata(merged)
        return merged


def _changed(was: Json, now: Json) -> Json:
    """Return what the fields held that differ now; a field that is new was null."""
    return {name: copied(was.get(name)) for name in now if was.get(name) != now[name]}


def _check_metadata(metadata: dict[str, str]) -> None:
    """Refuse what is too much. https://docs.stripe.com/metadata"""
    for key, value in metadata.items():
        if len(key) > 40 or len(value) > 500:
            message = "Metadata keys may have 40 characters, values 500."
            raise invalid(message, param=f"metadata[{key}]")
    if len(metadata) > 50:
        raise invalid("Metadata may have 50 keys.", param="metadata")
