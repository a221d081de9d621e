"""A world with a film in it, a shop beside it, and the ways in which a browser reaches the player."""

import json
import re
import time
from typing import Any

import requests

from tests.sandbox.kollus_jwt import jwt
from tests.sandbox.kollus_shop import CUSTOM_KEY, SECURITY_KEY, KollusShop
from tests.sandbox_client import Sandbox, World

MCKEY = "Ab3dEf7h"
QUERY = "&uservalue0=ref.mac&loadcheck=0"
AGENT = "Chrome Windows"
KIDS = {"kids": ["dhZsP5ngUFzgqC36TAa7OQ"], "type": "temporary"}


class KollusStage:
    def __init__(self, sandbox: Sandbox, shop: KollusShop) -> None:
        self.sandbox, self.shop = sandbox, shop
        self.world: World = sandbox.world()
        self.configure()

    def configure(self, **changes: Any) -> None:
        """Set the account up anew; what is not named is as usual."""
        usual = {
            "custom_key": CUSTOM_KEY,
            "security_key": SECURITY_KEY,
            "contents": [{"mckey": MCKEY, "duration": 24, "title": "A film", "protection": "multi_drm"}],
            "play_callback_url": f"{self.shop.url}/play",
            "lms_callback_url": f"{self.shop.url}/lms",
            "lms_interval_seconds": 1,
            "callback_from": "server",
        }
        self.world.configure(kollus={**usual, **changes})

    def close(self) -> None:
        """Give the custom key free, so that the next stage's world is the only one with it."""
        self.world.configure(kollus={"custom_key": "00" * 32, "contents": []})

    def link(self, query: str = QUERY, *, custom_key: str = CUSTOM_KEY, **claims: Any) -> str:
        """Return a signed play link; claims beside the usual ones are added to the token."""
        usual = {"cuid": "ada-1", "expt": int(time.time()) + 300, "mc": [{"mckey": MCKEY}]}
        token = jwt({**usual, **claims}, SECURITY_KEY)
        origin = f"http://kollus.localhost:{self.sandbox.port}"
        return f"{origin}/s?jwt={token}&custom_key={custom_key}{query}"

    def get(self, address: str, *, agent: str = AGENT) -> requests.Response:
        """Fetch an address of kollus.localhost as a browser would, which finds that host by itself."""
        headers = self._headers() | {"User-Agent": agent}
        return requests.get(self._local(address), headers=headers, timeout=40, allow_redirects=False)

    def post(self, address: str, body: Any, **headers: str) -> requests.Response:
        return requests.post(
            self._local(address), data=json.dumps(body), headers={**self._headers(), **headers}, timeout=40
        )

    def open(self, query: str = QUERY, *, agent: str = AGENT, **claims: Any) -> dict[str, Any]:
        """Open the player and return the facts that its page was given."""
        return facts_of(self.get(self.link(query, **claims), agent=agent))

    def permit(self, facts: dict[str, Any], kind: int, **more: Any) -> dict[str, Any]:
        """Do what the page does for one kind of playback callback; return the answer."""
        answer: dict[str, Any] = self.post(f"{facts['start']}permission", {"kind": kind, **more}).json()
        return answer

    def licence(self, token: str, body: Any = KIDS) -> requests.Response:
        return self.post("/licence", body, Authorization=f"Bearer {token}")

    def state(self) -> dict[str, Any]:
        """Return what the controls tell of this world's Kollus side."""
        state: dict[str, Any] = self.world.report()["kollus"]
        return state

    def _local(self, address: str) -> str:
        return self.sandbox.base + re.sub(r"^http://[^/]*", "", address)

    def _headers(self) -> dict[str, str]:
        referer = self.shop.page_url
        return {
            "Host": f"kollus.localhost:{self.sandbox.port}",
            "Referer": referer,
            "User-Agent": AGENT,
        }


def facts_of(page: requests.Response) -> dict[str, Any]:
    """Return the facts inside a player page."""
    found = re.search(r'<script id="facts" type="application/json">(.*?)</script>', page.text, re.DOTALL)
    assert page.status_code == 200 and found, page.text[:300]
    facts: dict[str, Any] = json.loads(found[1])
    return facts


def wait_for(what: Any, seconds: float = 30) -> Any:
    """Return what `what()` gives, once that is truthy."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
    return found
