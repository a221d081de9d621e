"""The buttons of the control page: what each says and the faults that it sets."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Button:
    """One button; pressing it merges `faults`."""

    label: str
    faults: str


def _fail(label: str, call: str, how: str, times: int = 1, seconds: int = 30) -> Button:
    failure = {"call": call, "times": times, "how": how, "seconds": seconds}
    return Button(label, json.dumps({"stripe": {"fail_next": [failure]}}))


def _set(label: str, group: str, **values: Any) -> Button:
    return Button(label, json.dumps({group: values or None}))


_CREATE = "POST /v1/payment_intents"

BUTTONS: dict[str, list[Button]] = {
    "Stripe’s API": [
        _set("800 ms slower", "stripe", latency_ms={"*": 800}),
        _fail("Fail the next call (500)", "*", "500"),
        _fail("Fail the next call (503)", "*", "503"),
        _fail("Too many requests (429)", "*", "429"),
        _fail("Next payment: cut before it is done", _CREATE, "drop_before"),
        _fail("Next payment: charge, then lose the answer", _CREATE, "drop_after"),
        _fail("Next payment: hang 30 s, then fail", _CREATE, "hang"),
        _fail("Next payment: hang 30 s, then charge", _CREATE, "hang_then_process"),
        _fail("Hang every call for 30 s", "*", "hang", times=1000),
        _set("Refunds stay pending", "stripe", refunds="stays pending"),
        _set("Refunds fail 3 s later", "stripe", refunds="fails later"),
        _set("Back to normal", "stripe"),
    ],
    "Webhooks": [
        _set("Pause", "webhooks", pause=True),
        _set("Drop the next three", "webhooks", drop=3),
        _set("Send each twice", "webhooks", double=True),
        _set("Newest first", "webhooks", reorder=True),
        _set("10 s late", "webhooks", delay_seconds=10),
        _set("Wrong signature", "webhooks", signature="wrong"),
        _set("Old signature", "webhooks", signature="old"),
        _set("No signature", "webhooks", signature="missing"),
        _set("Say livemode", "webhooks", livemode=True),
        _set("Back to normal", "webhooks"),
    ],
    "Stripe.js": [
        _set("Blocked", "js", block=True),
        _set("8 s slow", "js", slow_seconds=8),
        _set("Back to normal", "js"),
    ],
    "Google, Kakao, Naver": [
        _set("Down", "sign_in", down=True),
        _set("Back to normal", "sign_in"),
    ],
    "3-D Secure": [
        _set("Ask with buttons", "three_ds"),
        _set("Pass at once", "three_ds", mode="immediate_pass"),
        _set("Fail at once", "three_ds", mode="immediate_fail"),
        _set("Slow", "three_ds", mode="slow"),
        _set("Never ends", "three_ds", mode="never"),
        _set("Take the whole window", "three_ds", mode="top_navigation"),
    ],
    "Kollus": [
        _set("Callback server down", "kollus", callback_down=True),
        _set("Licence server down", "kollus", licence_down=True),
        _set("Player shows an error", "kollus", error_code=-8622),
        _set("One device at a time", "kollus", duplicates={"policy": "one"}),
        _set("Two registered devices", "kollus", duplicates={"policy": "registered", "devices": 2}),
        _set("2 s slower", "kollus", latency_ms=2000),
        _set("API down", "kollus", api="down"),
        _set("API: too many calls", "kollus", api="limit"),
        _set("Cut the next two uploads", "kollus", cut_uploads=2),
        _set("Transcoding fails", "kollus", transcoding_fails=True),
        _set("Lose the next two upload notices", "kollus", platform_drop=2),
        _set("Send each upload notice twice", "kollus", platform_double=True),
        _set("Back to normal", "kollus"),
    ],
}
