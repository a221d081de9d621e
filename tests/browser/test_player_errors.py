"""Whatever number the player says, the viewer reads its sentence and has one thing to do."""

import itertools
import os
from urllib.parse import unquote

import pytest
from django.utils import translation
from playwright.sync_api import Page
from pytest_django import Settings

from accounts.models import User
from tests import factories
from tests.browser import cinema
from tests.conftest import Shop
from videos.kollus import player_errors
from videos.kollus.player_errors import PlayerError

pytestmark = pytest.mark.django_db(transaction=True)
FILM = "/videos/noon/"
# All codes in both languages; else of the codes that share a sentence the first, in one of the two, and of
# those about copies, which no page plays, none.
_ALL = bool(os.environ.get("MATINEE_SOAK"))
_FIRST_OF_COPIES = "8600"
# Plays on, by the page's own button where that does not leave the page, until the page says something new.
_PLAY_ON = """async () => {
  const old = document.querySelector(".stage__message")
  const again = old?.querySelector("[data-act=renew]")
  if (again) again.click()
  else document.dispatchEvent(new CustomEvent("film-ready"))
  const said = () => document.querySelector(".stage__message")
  const isNew = () => said() && said() !== old && said().contains(document.activeElement)
  for (let looks = 0; !isNew(); looks += 1) {
    if (looks === 1500) throw new Error("nothing new is said")
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const message = said()
  const acts = [...message.querySelectorAll("button, a")]
  return {
    sentences: [...message.querySelectorAll("p")].map((each) => each.textContent),
    remedies: acts.map((each) => each.dataset.cures),
    letter: acts[0].href ?? "",
    players: document.querySelectorAll("[data-testid=player]").length,
  }
}"""

# A frame of the player's site that stays: else each new player had to wait for a process of its own.
_KEEP_PROCESS = """async (base) => {
  const frame = document.createElement("iframe")
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve))
  frame.src = `${base}/static/kollus/player.css`
  document.body.append(frame)
  await loaded
}"""


# What the page's own script makes of codes that no player says meanwhile.
_SAY_ALL = """async (codes) => {
  const { messageFor } = await import("player-messages")
  const { messagesUrl: url, title } = document.querySelector("video-player").dataset
  const said = []
  for (const code of codes) {
    const message = await messageFor(code, { url, title })
    const acts = [...message.querySelectorAll("[data-cures]")].map((act) => act.dataset.cures)
    said.push([[...message.querySelectorAll("p")].map((each) => each.textContent).join("|"), acts])
  }
  return said
}"""


def _codes() -> list[tuple[str, PlayerError]]:
    """A number of a hundred stands for it."""
    return [(code.replace("xx", "28"), error) for error in player_errors.sentences() for code in error.codes]


def _injected(turn: int) -> list[tuple[str, PlayerError]]:
    if _ALL:
        return _codes()
    firsts = {error: (code, error) for code, error in reversed(_codes())}
    table = [firsts[error] for error in player_errors.sentences()]
    of_pages = itertools.takewhile(lambda each: each[0] != _FIRST_OF_COPIES, table)
    return list(of_pages)[turn::2]


@pytest.mark.parametrize(("prefix", "language", "turn"), [("", "en", 0), ("/ko", "ko", 1)])
def test_each_code_that_the_player_says_has_its_sentence_and_one_act(
    page: Page, shop: Shop, ada: User, settings: Settings, prefix: str, language: str, turn: int
) -> None:
    """Each act that plays on is pressed as well."""
    page.set_viewport_size({"width": 390, "height": 300})
    film = factories.video("noon")
    factories.gift(film, ada)
    shop.announce(film)
    cinema.sign_in(page, shop, ada.email)
    page.goto(shop.url + prefix + FILM)
    page.evaluate(_KEEP_PROCESS, settings.KOLLUS_PLAYER_BASE)

    for code, error in _injected(turn):
        shop.world.faults(kollus={"error_code": int(code)})
        said = page.evaluate(_PLAY_ON)

        with translation.override(language):
            assert said["sentences"] == [str(error.sentence)], code
        assert said["remedies"] == [error.remedy], code
        assert said["players"] == 0, "the number, which the player shows, is gone"
        if error.remedy == "write":
            assert unquote(said["letter"]).startswith("mailto:help@localhost?subject="), code
            assert f"({code})" in unquote(said["letter"])

    said_of_all = page.evaluate(_SAY_ALL, [code for code, _ in _codes()])
    with translation.override(language):
        assert said_of_all == [[str(error.sentence), [error.remedy]] for _, error in _codes()]
