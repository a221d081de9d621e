"""Whose a purchase is, as a table: what people do in which browser, and what each browser shows afterwards.

No purchase is orphaned (its payer always finds it), and nobody takes another's over.
"""

import re
from collections.abc import Callable
from typing import Final

import pytest
from django.utils import timezone

from accounts.models import Pass, User
from billing.models import Order
from billing.owning import ownership
from billing.refunding import second_purchases
from tests import elsewhere, factories, refunding, signing_in
from tests.attacks import Visitor
from tests.sandbox_client import World
from videos.models import Entitlement, Video, ViewerCode, WatchProgress

pytestmark = pytest.mark.django_db

FILMS: Final = ("noon", "dusk", "dawn")
ADA, BO, EVE = "ada@example.com", "bo@example.com", "eve@example.com"

# What happens, in order; then which films each browser shows. A browser that is not named shows nothing.
SCENARIOS: Final[dict[str, tuple[list[str], dict[str, str]]]] = {
    "a guest signs in where he bought": (
        [f"laptop buys noon as {ADA}", f"laptop signs in as {ADA}", f"phone signs in as {ADA}"],
        {"laptop": "noon", "phone": "noon"},
    ),
    "a guest comes back in another browser": (
        [f"laptop buys noon as {ADA}", f"phone signs in as {ADA}"],
        {"laptop": "noon", "phone": "noon"},
    ),
    "an address is typed in capitals": (
        ["laptop buys noon as Ada@Example.COM", f"phone signs in as {ADA}"],
        {"laptop": "noon", "phone": "noon"},
    ),
    "a known address buys as a guest": (
        [f"phone signs in as {ADA}", "phone buys dusk", f"laptop buys noon as {ADA}"],
        {"phone": "dusk", "laptop": "noon"},
    ),
    "and proves the address again": (
        [
            *[f"phone signs in as {ADA}", "phone buys dusk", f"laptop buys noon as {ADA}"],
            f"tablet signs in as {ADA}",
        ],
        {"phone": "noon dusk", "tablet": "noon dusk", "laptop": "noon"},
    ),
    "a stranger buys with an address before its owner proves it": (
        [f"stranger buys noon as {ADA}", f"phone signs in as {ADA}", "phone buys dusk"],
        {"stranger": "noon", "phone": "noon dusk"},
    ),
    "a stranger buys with an address that is proved": (
        [
            *[f"phone signs in as {ADA}", "phone buys dusk", f"stranger buys noon as {ADA}"],
            f"phone signs out, signs in as {ADA}",
        ],
        {"stranger": "noon", "phone": "noon dusk"},
    ),
    "that stranger signs in as himself": (
        [
            *[f"stranger buys noon as {ADA}", f"stranger signs in as {EVE}", f"phone signs in as {ADA}"],
            *["phone buys dusk", f"work signs in as {EVE}"],
        ],
        {"stranger": "noon", "work": "noon", "phone": "noon dusk"},
    ),
    "an address is mistyped, and the payer signs in with the right one": (
        ["laptop buys noon as adda@example.com", f"laptop signs in as {ADA}", f"phone signs in as {ADA}"],
        {"laptop": "noon", "phone": "noon"},
    ),
    "whose address it was is there first": (
        [
            *["laptop buys noon as adda@example.com", "other signs in as adda@example.com"],
            *[f"laptop signs in as {ADA}", f"phone signs in as {ADA}", "phone buys dusk"],
        ],
        {"other": "noon", "laptop": "noon dusk", "phone": "noon dusk"},
    ),
    "an address with a plus is another address": (
        ["laptop buys noon as ada+films@example.com", f"phone signs in as {ADA}"],
        {"laptop": "noon"},
    ),
    "unless one signs in where one bought": (
        [
            *["laptop buys noon as ada+films@example.com", f"laptop signs in as {ADA}"],
            f"phone signs in as {ADA}",
        ],
        {"laptop": "noon", "phone": "noon"},
    ),
    "one browser buys for two addresses": (
        [
            *[f"laptop buys noon as {ADA}", f"laptop buys dusk as {BO}"],
            *[f"phone signs in as {ADA}", f"tablet signs in as {BO}"],
        ],
        {"laptop": "noon dusk", "phone": "noon", "tablet": "dusk"},
    ),
    "one signs out, and another signs in": (
        [
            *[f"cafe buys noon as {ADA}", f"cafe signs in as {ADA}", f"cafe signs out, signs in as {BO}"],
            f"phone signs in as {ADA}",
        ],
        {"phone": "noon"},
    ),
    "one leaves without signing out": (
        [f"cafe signs in as {ADA}", "cafe buys noon", "cafe signs out", f"cafe buys dusk as {BO}"],
        {"cafe": "dusk"},
    ),
    "another signs in where a guest bought": (
        [
            *[f"cafe buys noon as {ADA}", f"cafe signs in as {BO}", f"phone signs in as {ADA}"],
            "phone buys dusk",
        ],
        {"cafe": "noon", "phone": "noon dusk"},
    ),
    "what was bought twice with one address": (
        [
            f"laptop buys noon as {ADA}",
            f"phone buys noon as {ADA}",
            f"tablet signs in as {ADA}",
            "second go back",
        ],
        {"laptop": "noon", "tablet": "noon"},
    ),
    "a refund after the purchase has its owner": (
        [f"laptop buys noon as {ADA}", f"phone signs in as {ADA}", "noon is refunded"],
        {},
    ),
    "one proves the address again and again": (
        [f"laptop buys noon as {ADA}", *[f"laptop signs out, signs in as {ADA}"] * 3],
        {"laptop": "noon"},
    ),
    "a guest comes back by Google": (
        [f"laptop buys noon as {ADA}", f"phone comes by google as ada of {ADA}"],
        {"laptop": "noon", "phone": "noon"},
    ),
    "Google and code are one": (
        [
            *[f"phone signs in as {ADA}", "phone buys dusk", f"laptop comes by google as ada of {ADA}"],
            *["laptop buys noon", f"tablet signs in as {ADA}"],
        ],
        {"phone": "noon dusk", "laptop": "noon dusk", "tablet": "noon dusk"},
    ),
    "an address that Google never verified opens nothing": (
        [f"phone signs in as {ADA}", "phone buys noon", f"thief comes by google as eve of {ADA} unverified"],
        {"phone": "noon"},
    ),
    "an address that became another's at Kakao opens nothing": (
        [f"phone signs in as {ADA}", "phone buys noon", f"thief comes by kakao as eve of {ADA} unverified"],
        {"phone": "noon"},
    ),
    "what Naver says of an address opens nothing": (
        [f"laptop buys noon as {ADA}", f"thief comes by naver as eve of {ADA}"],
        {"laptop": "noon"},
    ),
    "until the code that was mailed there is typed": (
        [
            *[f"laptop buys noon as {ADA}", f"phone comes by naver as ada of {ADA}"],
            *[f"phone types the code of {ADA}", f"tablet comes by naver as ada of {ADA}"],
        ],
        {"laptop": "noon", "phone": "noon", "tablet": "noon"},
    ),
    "the code opens it elsewhere, and the thief's account there stays shut": (
        [
            *[f"laptop buys noon as {ADA}", f"thief comes by naver as eve of {ADA}"],
            *[f"phone signs in as {ADA}", f"thief signs out, comes by naver as eve of {ADA}"],
        ],
        {"laptop": "noon", "phone": "noon"},
    ),
    "another signs in where somebody's way by Naver was left": (
        [
            *[f"cafe comes by naver as eve of {EVE}", f"cafe signs in as {ADA}", "cafe buys noon"],
            f"work comes by naver as eve of {EVE}",
        ],
        {"cafe": "noon"},
    ),
    "the address changes at Google": (
        [
            *[f"phone comes by google as ada of {ADA}", "phone buys noon", f"laptop buys dusk as {BO}"],
            f"tablet comes by google as ada of {BO}",
        ],
        {"phone": "noon", "tablet": "noon", "laptop": "dusk"},
    ),
    "another person at Google gets the address": (
        [f"phone comes by google as ada of {ADA}", "phone buys noon", f"work comes by kakao as ada of {ADA}"],
        {"phone": "noon", "work": "noon"},
    ),
    "a guesser without the mailbox": (
        [f"laptop buys noon as {ADA}", f"thief guesses the code of {ADA}"],
        {"laptop": "noon"},
    ),
}


@pytest.mark.parametrize("steps, shown", SCENARIOS.values(), ids=SCENARIOS)
def test_the_table(world: World, steps: list[str], shown: dict[str, str]) -> None:
    for slug in FILMS:
        factories.film_on_sale(slug)
    house = House(world)

    for step in steps:
        house.act(step)

    seen = {name: house.films(name) for name in house.browsers}
    assert seen == {name: shown.get(name, "").split() for name in house.browsers}
    assert _orphans() == []


class House:
    """The browsers of a story, each made when it is first named."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.browsers: dict[str, Visitor] = {}

    def act(self, step: str) -> None:
        """Do what a line of the table says; its commas join acts of one browser."""
        who, _, acts = step.partition(" ")
        for act in acts.split(", "):
            for words, do in _ACTS.items():
                if found := re.fullmatch(words, act):
                    do(self, who, *found.groups())
                    break
            else:
                raise AssertionError(f"nobody knows how to: {act}")

    def films(self, name: str) -> list[str]:
        """What the browser's library shows, and plays."""
        page = self._browser(name).get("/library/").content.decode().partition('id="shelf-newest"')[0]
        shown = [slug for slug in FILMS if f'href="/videos/{slug}/"' in page]
        for slug in FILMS:
            answer = self._browser(name).post("/api/v1/playback/", {"video": slug})
            assert (answer.status_code == 200) is (slug in shown), (name, slug)
        return shown

    def buy(self, who: str, slug: str, email: str = "") -> None:
        browser = self._browser(who)
        given = {"email": email} if email else {}
        answer = browser.pay(browser.quote(slug), **given).json()
        assert answer["state"] == "paid", answer

    def sign_in(self, who: str, email: str) -> None:
        signing_in.by_code(self._browser(who), email)
        assert signing_in.is_signed_in(self._browser(who))

    def come_by(self, who: str, provider: str, person: str, email: str, unverified: str = "") -> None:
        elsewhere.sign_in(self._browser(who), provider, person, email, verified=not unverified)

    def type_code(self, who: str, email: str) -> None:
        self._browser(who).post_form(signing_in.SIGN_IN, code=signing_in.mailed_code(email))
        assert signing_in.is_signed_in(self._browser(who))

    def sign_out(self, who: str) -> None:
        self._browser(who).post_form("/account/sign-out/")

    def guess(self, who: str, email: str) -> None:
        signing_in.ask(self._browser(who), email)
        for number in range(6):
            self._browser(who).post_form(signing_in.SIGN_IN, code=f"{number:08}")

    def refund(self, slug: str) -> None:
        refunding.give_back(Order.objects.get(offer__video__slug=slug), ends_access=True)

    def give_back_second(self) -> None:
        assert second_purchases.give_back(at=timezone.now()) == 1

    def _browser(self, name: str) -> Visitor:
        return self.browsers.setdefault(name, Visitor(self.world))


_ACTS: Final[dict[str, Callable[..., None]]] = {
    r"buys (\w+)": House.buy,
    r"buys (\w+) as (\S+)": House.buy,
    r"signs in as (\S+)": House.sign_in,
    r"comes by (\w+) as (\w+) of (\S+)( unverified)?": House.come_by,
    r"types the code of (\S+)": House.type_code,
    r"signs out": House.sign_out,
    r"guesses the code of (\S+)": House.guess,
    r"is refunded": lambda house, slug: house.refund(slug),
    r"go back": lambda house, _second: house.give_back_second(),
}


def _orphans() -> list[str]:
    """Paid orders that nobody could find any more: without an owner and without a pass."""
    return [
        order.reference
        for order in Order.objects.filter(state="paid", user=None)
        if not Pass.objects.filter(reference=order.reference).exists()
    ]


def test_claiming_again_changes_nothing(world: World, ada: User) -> None:
    factories.film_on_sale("noon")
    guest = Visitor(world)
    guest.pay(guest.quote("noon"), email=ada.email)
    visitor = guest.client.session["visitor"]

    ownership.claim(ada, visitor=visitor)
    first = _rows()
    ownership.claim(ada, visitor=visitor)

    assert _rows() == first
    assert Order.objects.get().user == Entitlement.objects.get().user == Pass.objects.get().user == ada


def test_the_film_goes_on_where_the_guest_stopped(world: World) -> None:
    film = factories.film_on_sale("noon")
    laptop, phone = Visitor(world), Visitor(world)
    laptop.pay(laptop.quote("noon"), email=ADA)
    assert laptop.post("/api/v1/playback/", {"video": "noon"}).status_code == 200
    _watched(ViewerCode.objects.get(), film, 14)

    signing_in.by_code(phone, ADA)

    assert phone.post("/api/v1/playback/", {"video": "noon"}).json()["resume_seconds"] == 14


def test_an_older_place_does_not_replace_a_newer_one(world: World) -> None:
    film = factories.film_on_sale("noon")
    phone, laptop = Visitor(world), Visitor(world)
    laptop.pay(laptop.quote("noon"), email=ADA)
    laptop.post("/api/v1/playback/", {"video": "noon"})
    _watched(ViewerCode.objects.get(), film, 9)
    signing_in.by_code(phone, ADA)
    phone.post("/api/v1/playback/", {"video": "noon"})
    WatchProgress.objects.filter(viewer_code__user__email=ADA).update(
        position_seconds=17, reported_at=timezone.now()
    )

    signing_in.by_code(laptop, ADA)

    assert laptop.post("/api/v1/playback/", {"video": "noon"}).json()["resume_seconds"] == 17


def _watched(code: ViewerCode, film: Video, position: int) -> None:
    WatchProgress.objects.create(
        viewer_code=code, video=film, position_seconds=position, reported_at=timezone.now()
    )


def _rows() -> list[object]:
    return [
        list(model.objects.order_by("pk").values()) for model in (Order, Entitlement, Pass, WatchProgress)
    ]
