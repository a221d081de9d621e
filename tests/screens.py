"""One person at several browsers, each signed in: what their pages send, without the pages."""

from typing import Any

import requests
from django.test import Client

from accounts.models import User
from tests.buyer import Buyer
from tests.concurrency.player import Player
from tests.concurrency.stage import Stage

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
)


class Screen:
    """One browser of somebody who is signed in, and the player in its page."""

    def __init__(self, stage: Stage, user: User, *, name: str = "player-1", browser: str = CHROME) -> None:
        self.stage, self.name = stage, name
        client = Client()
        client.force_login(user)
        self.buyer: Buyer = stage.stranger()
        self.buyer.http.cookies.set("sessionid", client.cookies["sessionid"].value)
        self.buyer.http.cookies.set("csrftoken", "b" * 32)
        self.buyer.http.headers["User-Agent"] = browser
        self.ticket: dict[str, Any] = {}

    def open(self, slug: str = "noon", *, instead: str = "") -> requests.Response:
        """Press Watch, or "Watch here instead" of the session named."""
        answer = self.buyer.post("/api/v1/playback/", {"video": slug, "instead": instead})
        if answer.status_code == requests.codes.ok:
            self.ticket = answer.json()
        return answer

    def beat(self) -> requests.Response:
        return self.buyer.post(f"/api/v1/playback/{self.session}/beat/", {})

    def leave(self) -> requests.Response:
        return self.buyer.post(f"/api/v1/playback/{self.session}/leave/", {})

    def asks(self, *, kind: int = 1) -> str:
        """The player's question: "yes", "no" or a status."""
        return Player(self.stage, self.ticket["url"], name=self.name).asks(kind=kind)

    @property
    def session(self) -> str:
        return str(self.ticket["session"])


def screens(stage: Stage, user: User, count: int) -> list[Screen]:
    """So many browsers of one person."""
    return [Screen(stage, user, name=f"player-{number}") for number in range(count)]
