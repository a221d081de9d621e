"""A longer plan in a real Chromium: the sum first, the bank's question in the page, and by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import Membership, Order
from billing.stripe.stripe_gateway import speaking
from tests import factories
from tests.billing.club import Club
from tests.browser import axe
from tests.browser.cinema import Visit
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


def _member(page: Page, shop: Shop) -> Club:
    """A member whose card asks its owner, in the browser's session."""
    club = Club(shop)
    factories.membership(club.collection, "year", usd=7900, krw=99000)
    club.member()
    session = club.buyer.http.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "url": shop.url, "value": session}])
    membership = Membership.objects.get()
    with speaking() as client:
        card = client.v1.payment_methods.attach(
            "pm_card_authenticationRequired", {"customer": membership.customer_id or ""}
        )
        client.v1.subscriptions.update(membership.subscription_id or "", {"default_payment_method": card.id})
    return club


@pytest.mark.parametrize(
    ("width", "mode", "prefix", "changed"),
    [
        (1440, "light", "", "Paid. Your plan has changed."),
        (390, "dark", "/ko", "결제했어요. 요금제가 바뀌었어요."),
    ],
)
def test_the_plan_changes_in_the_page(
    open_page: OpenPage, shop: Shop, width: int, mode: str, prefix: str, changed: str
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    club = _member(page, shop)
    visit = Visit.begin(page, shop, f"{prefix}/orders/{Order.objects.get().reference}/")
    page.locator("#membership a[href$='/plan/']").click()
    button = page.get_by_test_id("pay")
    expect(button).to_contain_text("71.10")
    expect(button).to_be_enabled()
    axe.finds_nothing(page)

    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("payment-challenge h2")).to_be_focused()
    axe.finds_nothing(page)
    expect(button).to_be_hidden()
    visit.answer_bank(passed=True)

    expect(page.get_by_test_id("order-status")).to_have_text(changed)
    expect(page.get_by_test_id("order-status")).to_be_focused()
    expect(button).to_have_count(0)
    assert Order.objects.latest("id").total_minor == 7110
    assert Membership.objects.get().current_price.offer.interval == "year"
    axe.finds_nothing(page)
    assert club.world.objects("subscription")[0]["pending_update"] is None


def test_who_turns_away_from_the_question_keeps_his_plan(open_page: OpenPage, shop: Shop) -> None:
    page = open_page()
    _member(page, shop)
    Visit.begin(page, shop, f"/orders/{Order.objects.get().reference}/plan/")
    page.get_by_test_id("pay").click()
    expect(page.locator("payment-challenge h2")).to_be_focused()

    page.get_by_role("button", name="Leave it as it was").press(
        "Enter"
    )  # the page may still be scrolling there

    expect(page.get_by_test_id("order-status")).to_have_text(
        "Nothing was charged, and your plan is as it was."
    )
    expect(page.get_by_role("link", name="Look once more")).to_be_visible()
    expect(page.get_by_test_id("pay")).to_be_visible()
    assert Membership.objects.get().current_price.offer.interval == "month"


@pytest.mark.parametrize(("width", "mode", "prefix"), [(1440, "light", ""), (390, "dark", "/ko")])
def test_a_later_plan_is_chosen_by_keyboard(
    open_page: OpenPage, shop: Shop, width: int, mode: str, prefix: str
) -> None:
    club = Club(shop)
    factories.membership(club.collection, "year", usd=7900)
    club.buyer.pay(club.quote("membership-year"))
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    session = club.buyer.http.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "url": shop.url, "value": session}])
    page.goto(f"{shop.url}{prefix}/orders/{Order.objects.get().reference}/plan/")
    axe.finds_nothing(page)

    page.locator("form button[name=price]").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("plan-chosen")).to_be_visible()
    axe.finds_nothing(page)
    assert Membership.objects.get().current_price.offer.interval == "month"
    assert len(club.world.objects("charge")) == 1
