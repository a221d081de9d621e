"""The anonymous video page on a phone: what it weighs by kind, and how soon it stands.

The phone is 390 by 844, its processor four times slower, its line 1.6 Mbit/s with 150 ms on every request.
Stripe's and Kollus' own bytes are apart, and so is the poster.
"""

import statistics
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page

from tests.bench.browser import chromium
from tests.bench.figures import Figure, at_most, told
from tests.bench.stage import Stage

LOADS = 5
_PHONE: dict[str, Any] = {"device_scale_factor": 2, "is_mobile": True, "has_touch": True}
_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
_KINDS = {"Document": "HTML", "Fetch": "HTML", "Stylesheet": "CSS", "Script": "JavaScript"}
# Blocking time is what a long task takes beyond 50 ms; a shift counts unless the visitor caused it.
_OBSERVE = """
window.__page = { lcp: 0, blocked: 0, shift: 0 }
const observe = (type, note) =>
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true })
observe("largest-contentful-paint", (entry) => (__page.lcp = entry.startTime))
observe("longtask", (entry) => (__page.blocked += Math.max(0, entry.duration - 50)))
observe("layout-shift", (entry) => (__page.shift += entry.hadRecentInput ? 0 : entry.value))
"""


def measure(stage: Stage) -> Iterator[Figure]:
    with chromium() as browser:
        _load(browser, stage)  # the server's first time and the browser's
        loads = [_load(browser, stage) for _ in range(LOADS)]
    weight = {kind: statistics.median([each[kind] for each in loads]) / 1000 for kind in loads[0]}
    poster = weight.pop("poster")
    times = {name: weight.pop(name) * 1000 for name in ("lcp", "blocked", "shift")}
    yield at_most("video page: bytes without the poster", sum(weight.values()), 60, "kB")
    yield at_most("video page: bytes of JavaScript", weight.pop("JavaScript"), 20, "kB")
    for kind, kilobytes in {**weight, "poster": poster}.items():
        yield told(f"video page: bytes of {kind}", kilobytes, "kB")
    spans = {name: (min(each[name] for each in loads), max(each[name] for each in loads)) for name in times}
    yield at_most("video page on a phone: LCP", times["lcp"], 800, "ms", spans["lcp"])
    yield at_most("video page on a phone: TBT", times["blocked"], 0, "ms", spans["blocked"])
    yield at_most("video page on a phone: CLS", times["shift"], 0.01, "", spans["shift"])


def _load(browser: Browser, stage: Stage) -> dict[str, float]:
    """One visit with an empty cache: bytes by kind, then times in milliseconds."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US", **_PHONE)
    try:
        page = context.new_page()
        page.add_init_script(_OBSERVE)
        wire = _listen(context.new_cdp_session(page), stage.url)
        page.goto(f"{stage.url}/videos/noon-everywhere/")
        _settle(page)
        times: dict[str, float] = page.evaluate("__page")
    finally:
        context.close()
    return {kind: float(wire[kind]) for kind in ("HTML", "CSS", "JavaScript", "other", "poster")} | times


def _settle(page: Page) -> None:
    page.get_by_test_id("pay").and_(page.locator(":enabled")).wait_for(timeout=60_000)
    page.wait_for_timeout(1000)


def _listen(session: CDPSession, origin: str) -> Counter[str]:
    """Slow the page down, and count the bytes of our own origin, headers included, by kind."""
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", _LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    kinds: dict[str, str] = {}
    bytes_by_kind: Counter[str] = Counter()

    def answered(event: dict[str, Any]) -> None:
        address = event["response"]["url"]
        if address.startswith(f"{origin}/"):
            is_poster = urlsplit(address).path.startswith("/media/")
            kinds[event["requestId"]] = "poster" if is_poster else _KINDS.get(event["type"], "other")

    def loaded(event: dict[str, Any]) -> None:
        if event["requestId"] in kinds:
            bytes_by_kind[kinds[event["requestId"]]] += int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", loaded)
    return bytes_by_kind
