"""From the mail that a renewal failed to its payment, in a real Chromium: in the page, the bank included."""

import os
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import Mail
from billing.models import Membership, Order, UnpaidRenewal
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
    return made


@pytest.fixture
def declined(club: Club) -> Club:
    """His card is declined from the second month on."""
    club.member()
    club.break_the_card()
    club.pass_time(A_MONTH)
    club.look()
    return club


@pytest.fixture
def asked_for(club: Club) -> Club:
    """His bank wants him there at each payment."""
    asked = club.join(card=cinema.ALWAYS_ASKS)
    club.world.challenge(asked["challenge_url"], passed=True)
    club.buyer.status(asked["order"])
    club.pass_time(A_MONTH)
    club.look()
    return club


def link(prefix: str = "") -> str:
    """The path in the mail, in one language or the other."""
    url: str = Mail.objects.get(template="membership-unpaid").context["pay_url"]
    return prefix + url.removeprefix(settings.SITE_URL)


def assert_paid_once(club: Club) -> None:
    charges = [each for each in club.world.objects("charge") if each["status"] == "succeeded"]
    assert len(charges) == 2
    assert UnpaidRenewal.objects.get().state == "paid"
    assert Membership.objects.get().state == "active"
    assert Mail.objects.filter(template="receipt").count() == Order.objects.count() == 2


def shot(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


@pytest.mark.parametrize(("prefix", "width", "mode"), WIDTHS)
def test_the_card_on_file_pays_from_the_mail_with_a_question_in_the_page(
    open_page: OpenPage, asked_for: Club, shop: Shop, prefix: str, width: int, mode: str
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    visit = Visit.begin(page, shop, link(prefix))
    expect(page.get_by_test_id("pay")).to_be_enabled()
    expect(page.get_by_role("radio", checked=True)).to_contain_text("Visa ···· 3184")
    assert visit.witness.count_inputs() == 0
    shot(page, f"renewal-{width}-{mode}{prefix.replace('/', '-')}")
    axe.finds_nothing(page, "to be paid")

    visit.pay()
    expect(page.locator("payment-challenge h2")).to_be_focused()
    size = page.get_by_test_id("challenge-frame").bounding_box()
    assert size is not None
    assert (size["width"], size["height"]) in {(250, 400), (390, 400), (500, 600), (600, 400)}
    shot(page, f"renewal-asked-{width}-{mode}{prefix.replace('/', '-')}")
    axe.finds_nothing(page, "the question")
    visit.answer_bank(passed=True)

    visit.expect_status("멤버십이 계속돼요" if prefix else "Your membership goes on")
    expect(page.get_by_test_id("order-status")).to_be_focused()
    expect(page.get_by_test_id("pay")).to_have_count(0)
    shot(page, f"renewal-paid-{width}-{mode}{prefix.replace('/', '-')}")
    axe.finds_nothing(page, "paid")
    visit.witness.swear()
    assert_paid_once(asked_for)


@pytest.mark.parametrize(("prefix", "width", "mode"), WIDTHS[1:3])
def test_a_declined_card_gives_way_to_another(
    open_page: OpenPage, declined: Club, shop: Shop, prefix: str, width: int, mode: str
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    visit = Visit.begin(page, shop, link(prefix))
    visit.wait_for_form()
    shot(page, f"renewal-declined-{width}-{mode}{prefix.replace('/', '-')}")
    axe.finds_nothing(page, "another card")

    visit.retype(cinema.DECLINED)
    visit.pay()
    visit.expect_status("결제된 금액은 없어요" if prefix else "nothing was charged")
    expect(page.get_by_test_id("order-status")).to_be_focused()
    shot(page, f"renewal-refused-{width}-{mode}{prefix.replace('/', '-')}")
    visit.retype(cinema.ALWAYS_ASKS)
    visit.pay()
    visit.answer_bank(passed=False)
    visit.expect_status("결제된 금액은 없어요" if prefix else "nothing was charged")
    visit.retype(cinema.PLAIN)
    visit.pay()

    visit.expect_status("멤버십이 계속돼요" if prefix else "Your membership goes on")
    visit.witness.swear()
    assert_paid_once(declined)


def test_it_is_paid_from_the_keyboard_alone(page: Page, declined: Club, shop: Shop) -> None:
    visit = Visit.begin(page, shop, link())
    visit.wait_for_form()
    declined.mend_the_card()
    declined.look()
    page.get_by_role("radio", checked=True).focus()

    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Visa")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("payment-element")).to_be_visible()
    visit.type_card(cinema.PLAIN)
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("pay")).to_be_focused()
    page.keyboard.press("Enter")

    visit.expect_status("Your membership goes on")
    visit.witness.swear()
    assert_paid_once(declined)


def test_a_question_is_left_and_the_card_tried_again(page: Page, asked_for: Club, shop: Shop) -> None:
    visit = Visit.begin(page, shop, link())
    visit.pay()
    page.get_by_role("button", name="Use another card").click()
    visit.expect_status("Nothing was charged")

    page.get_by_role("radio", name="Another card").click()
    visit.retype_when_ready(cinema.PLAIN)
    visit.pay()

    visit.expect_status("Your membership goes on")
    visit.witness.swear()
    assert_paid_once(asked_for)


def test_where_stripes_script_is_held_back_the_card_on_file_pays(
    page: Page, declined: Club, shop: Shop
) -> None:
    declined.mend_the_card()
    declined.look()
    shop.world.faults(js={"block": True})
    page.goto(shop.url + link())
    expect(page.get_by_text("The card form did not come.")).to_be_visible()
    expect(page.get_by_test_id("pay")).to_be_hidden()
    axe.finds_nothing_in_either_light(page, "no card form")

    page.get_by_role("radio", name="Visa").click()
    page.get_by_test_id("pay").click()

    expect(page.get_by_test_id("order-status")).to_contain_text("Your membership goes on")
    assert_paid_once(declined)


def test_after_a_reload_the_question_is_still_there(page: Page, asked_for: Club, shop: Shop) -> None:
    visit = Visit.begin(page, shop, link())
    visit.pay()
    expect(page.get_by_test_id("challenge-frame")).to_be_attached()

    page.reload()
    visit.answer_bank(passed=True)

    visit.expect_status("Your membership goes on")
    assert_paid_once(asked_for)


def test_a_bank_that_takes_the_window_along_leads_back(page: Page, asked_for: Club, shop: Shop) -> None:
    shop.world.faults(three_ds={"mode": "top_navigation"})
    visit = Visit.begin(page, shop, link())
    visit.pay()

    visit.answer_bank(passed=True)

    page.wait_for_url(f"**{link()}")
    expect(page.get_by_test_id("order-status")).to_contain_text("Your membership goes on")
    assert_paid_once(asked_for)


@pytest.mark.parametrize(("prefix", "width", "mode"), WIDTHS[:3])
def test_what_is_over_is_told_plainly(
    open_page: OpenPage, declined: Club, shop: Shop, prefix: str, width: int, mode: str
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    for state in ("paid", "closed"):
        UnpaidRenewal.objects.update(state=state, closed_at=Order.objects.get().paid_at)
        page.goto(shop.url + link(prefix))
        expect(page.get_by_test_id("renewal-over")).to_be_visible()
        shot(page, f"renewal-{state}-{width}-{mode}{prefix.replace('/', '-')}")
        axe.finds_nothing(page, state)

    page.goto(f"{shop.url}{prefix}/renewals/never/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    shot(page, f"renewal-gone-{width}-{mode}{prefix.replace('/', '-')}")
    axe.finds_nothing(page, "gone")
