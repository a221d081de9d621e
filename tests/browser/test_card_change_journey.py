"""Changing the card of a membership in a real Chromium: in the page, declined, asked by the bank, changed."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Mail
from billing.models import CardOnFile, Membership, Order
from tests.billing.club import A_MONTH, Club
from tests.browser import axe, cinema
from tests.browser.cinema import Visit
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
WIDTHS = [("", 1440, "light"), ("", 390, "dark"), ("/ko", 390, "light"), ("/ko", 1440, "dark")]


@pytest.fixture
def club(shop: Shop) -> Club:
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    made.look()
    return made


def visit_as_member(page: Page, club: Club, shop: Shop, prefix: str = "") -> Visit:
    """The member's own browser, on the page of his card."""
    cookies = [
        {"name": each.name, "value": each.value or "", "url": shop.url} for each in club.buyer.http.cookies
    ]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    return Visit.begin(page, shop, f"{prefix}{Order.objects.earliest('id').get_absolute_url()}card/")


def shot(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


@pytest.mark.parametrize(("prefix", "width", "mode"), WIDTHS)
def test_declined_then_asked_then_changed(
    open_page: OpenPage, club: Club, shop: Shop, prefix: str, width: int, mode: str
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    visit = visit_as_member(page, club, shop, prefix)
    expect(page.get_by_test_id("card-on-file")).to_contain_text("Visa ···· 4242")
    visit.wait_for_form()
    assert visit.witness.count_inputs() == 0, "the card is all"
    name = f"{width}-{mode}{prefix.replace('/', '-')}"
    shot(page, f"card-{name}")
    axe.finds_nothing(page, "to be typed")

    visit.retype(cinema.DECLINED)
    visit.pay()
    visit.expect_status("결제된 금액은 없어요" if prefix else "nothing was charged")
    expect(page.get_by_test_id("order-status")).to_be_focused()
    axe.finds_nothing(page, "declined")
    visit.retype(cinema.ALWAYS_ASKS)
    visit.pay()
    expect(page.locator("payment-challenge h2")).to_be_focused()
    size = page.get_by_test_id("challenge-frame").bounding_box()
    assert size is not None
    assert (size["width"], size["height"]) in {(250, 400), (390, 400), (500, 600), (600, 400)}
    axe.finds_nothing(page, "the question")
    visit.answer_bank(passed=True)

    visit.expect_status("카드를 바꿨어요" if prefix else "From now on this card is charged")
    expect(page.get_by_test_id("card-changed")).to_contain_text("Visa ···· 3184")
    expect(page.get_by_test_id("card-on-file")).to_have_count(0)
    shot(page, f"card-changed-{name}")
    axe.finds_nothing(page, "changed")
    visit.witness.swear()
    assert CardOnFile.objects.get().last4 == "3184"
    assert Mail.objects.filter(template="membership-card").count() == 1


def test_it_is_changed_from_the_keyboard_alone(page: Page, club: Club, shop: Shop) -> None:
    visit = visit_as_member(page, club, shop)
    visit.wait_for_form()
    page.get_by_role("link", name="help@").first.focus()

    visit.type_card("5555555555554444")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("pay")).to_be_focused()
    page.keyboard.press("Enter")

    visit.expect_status("From now on this card is charged")
    visit.witness.swear()


@pytest.mark.parametrize("width", [390, 1440])
def test_who_owes_a_renewal_changes_the_card_and_pays_with_it(
    open_page: OpenPage, club: Club, shop: Shop, width: int
) -> None:
    club.break_the_card()
    club.pass_time(A_MONTH)
    club.look()
    page = open_page(viewport={"width": width, "height": 900})
    visit = visit_as_member(page, club, shop)
    visit.wait_for_form()
    visit.retype("5555555555554444")
    visit.pay()
    visit.expect_status("From now on this card is charged")
    shot(page, f"card-owes-{width}")
    axe.finds_nothing_in_either_light(page, "a renewal is to be paid")
    visit.witness.swear()

    page.get_by_role("link", name="Pay $7.90").click()
    page.get_by_role("radio", name="Mastercard").click()
    visit.pay()

    visit.expect_status("Your membership goes on")
    assert Membership.objects.get().state == "active"


def test_a_bank_that_takes_the_window_along_leads_back(page: Page, club: Club, shop: Shop) -> None:
    shop.world.faults(three_ds={"mode": "top_navigation"})
    visit = visit_as_member(page, club, shop)
    visit.wait_for_form()
    visit.retype(cinema.ALWAYS_ASKS)
    visit.pay()

    visit.answer_bank(passed=True)

    page.wait_for_url("**/card/")
    expect(page.get_by_test_id("order-status")).to_contain_text("From now on this card")


@pytest.mark.parametrize(("prefix", "width"), [("", 1440), ("/ko", 390)])
def test_the_membership_leads_there(
    open_page: OpenPage, club: Club, shop: Shop, prefix: str, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    visit_as_member(page, club, shop)
    page.goto(f"{shop.url}{prefix}{Order.objects.get().get_absolute_url()}")
    shot(page, f"card-order-{width}{prefix.replace('/', '-')}")
    axe.finds_nothing_in_either_light(page, "the order")

    page.get_by_role("link", name="카드 바꾸기" if prefix else "Change the card").click()

    expect(page.get_by_test_id("pay")).to_be_visible()
