"""What a person does in the browser, in the words of the page."""

import json
import re
from dataclasses import dataclass

from django.utils import timezone
from playwright.sync_api import Error, FrameLocator, Locator, Page, expect

from accounts import mailing
from tests.browser.witness import Witness
from tests.conftest import Shop

PLAIN = "4242424242424242"
FRICTIONLESS = "4000000032200000"
ALWAYS_ASKS = "4000002760003184"
ASKS_THEN_DECLINES = "4000008400001629"
DECLINED = "4000000000000002"
POOR = "4000000000009995"

# A film that is resumed stands at its place, with a frame, before it goes on: nothing is played then.
_FILM_MOVES = """video => video.getVideoPlaybackQuality().totalVideoFrames > 0
    && video.played.length > 0 && video.currentTime > 0.5"""


def sign_in(page: Page, shop: Shop, email: str, *, path: str = "/account/sign-in/") -> None:
    """Ask for a code, look into the mailbox, type it."""
    page.goto(shop.url + path)
    page.fill("main input[name=email]", email)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("code-asked")).to_be_visible()
    page.fill("main input[name=code]", mailed(shop, email, r"\b\d{4} \d{4}\b"))
    page.get_by_test_id("sign-in").click()


def mailed(shop: Shop, email: str, pattern: str) -> str:
    """What the newest mail to this address says in that form."""
    mailing.send_waiting(at=timezone.now())
    newest = shop.world.sandbox.mail(email)[-1]
    found = re.search(pattern, newest["text"])
    assert found, newest["text"]
    return found.group()


@dataclass
class Visit:
    """One person's page at the shop, watched from its first moment."""

    page: Page
    shop: Shop
    witness: Witness

    @classmethod
    def begin(cls, page: Page, shop: Shop, path: str) -> "Visit":
        visit = cls(page, shop, Witness(page).watch())
        page.goto(shop.url + path)
        return visit

    @property
    def card(self) -> FrameLocator:
        return self.page.frame_locator("[data-testid=payment-element] iframe")

    @property
    def challenge(self) -> FrameLocator:
        return self.page.frame_locator("[data-testid=challenge-frame]")

    @property
    def status(self) -> str:
        return self.page.get_by_test_id("order-status").inner_text()

    def wait_for_form(self) -> None:
        expect(self.page.get_by_test_id("pay")).to_be_enabled()

    def fill(self, card: str, *, email: str = "ada@example.com") -> None:
        """Fill in e-mail (a guest's field) and card."""
        self.wait_for_form()
        field = self.page.get_by_test_id("email")
        if field.count():
            field.fill(email)
        self.retype(card)

    def retype(self, card: str) -> None:
        """Fill in the card; fails here and not later where a field did not take what was typed."""
        for name, text in (("number", card), ("expiry", "12/34"), ("cvc", "123")):
            self.focus_card_field(name).fill(text)
            self.expect_typed(name, text)

    def type_card(self, card: str) -> None:
        """Type the card with the keyboard alone, from the field before it."""
        for name, text in (("number", card), ("expiry", "1234"), ("cvc", "123")):
            self.page.keyboard.press("Tab")
            expect(self.card.locator(f"[name={name}]")).to_be_focused()
            self.page.keyboard.type(text)
            self.expect_typed(name, text)

    def focus_card_field(self, name: str) -> Locator:
        """The fields belong to another process: keys go to the one that last had the focus."""
        field = self.card.locator(f"[name={name}]")
        field.focus()
        expect(field).to_be_focused()
        return field

    def expect_typed(self, name: str, text: str) -> None:
        in_any_grouping = re.compile(r"[\s/]*".join(text.replace("/", "")) + r"\s*")
        expect(self.card.locator(f"[name={name}]")).to_have_value(in_any_grouping)

    def retype_when_ready(self, card: str) -> None:
        self.wait_for_form()
        self.retype(card)

    def pay(self, *, presses: int = 1) -> None:
        """Press Pay once the pointer is over it: a page that has just scrolled may still send it to the frame
        that stood there before, which a person sees.
        """
        button, under_pointer = self.page.get_by_test_id("pay"), self.page.locator("[data-testid=pay]:hover")
        button.hover()
        for _ in range(50):
            if under_pointer.count():
                break
            self.page.mouse.move(0, 0)
            button.hover()
        button.click(click_count=presses)

    def answer_bank(self, *, passed: bool) -> None:
        button = "test-source-authorize-3ds" if passed else "test-source-fail-3ds"
        self.challenge.get_by_test_id(button).click()

    def expect_status(self, words: str) -> None:
        expect(self.page.get_by_test_id("order-status")).to_contain_text(words)

    def expect_film(self) -> None:
        """The film really moves: frames were decoded, time goes on."""
        player = self.page.frame_locator("[data-testid=player]").locator("video")
        expect(player).to_be_attached()
        for _ in range(300):
            if _moves(player):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(
            f"no frame was shown; the player says: {self.page.locator('.stage').inner_text()}"
        )


def _moves(player: Locator) -> bool:
    """Not yet where the page puts another player in the place of a refused one at this very moment."""
    try:
        return bool(player.evaluate(_FILM_MOVES))
    except Error as error:
        if "Frame was detached" not in error.message:
            raise
        return False


def fail_with(visit: Visit, code: int, *, player: int = 1) -> float:
    """The page's first or a later player says this code, as Kollus' own does: to the page around it, and with
    a minus. Returns where the film was.
    """
    said = {"event_name": "e_error", "uid": f"kollus-postmessage-{player}", "data": -code}
    at: float = (
        visit.page.frame_locator("[data-testid=player]")
        .locator("video")
        .evaluate("(video, said) => (parent.postMessage(said, '*'), video.currentTime)", json.dumps(said))
    )
    return at
