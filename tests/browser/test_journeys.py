"""Buying and watching in a real Chromium. Each journey ends in a named state of order and entitlement."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from billing.models import Coupon, Membership, Order, Payment
from tests import factories
from tests.browser import cinema
from tests.browser.cinema import Visit
from tests.conftest import Shop
from videos.models import Entitlement, Video

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(open_page: OpenPage) -> OpenPage:
    """Pages as most people have them: what moves moves."""
    return partial(open_page, reduced_motion="no-preference")


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.film_on_sale("noon")
    shop.announce(made)
    return made


def assert_sold(*, attempts: list[str]) -> None:
    order = Order.objects.get()
    assert order.is_paid
    assert list(order.payments.order_by("number").values_list("state", flat=True)) == attempts
    assert Entitlement.objects.get(reference=order.reference).revoked_at is None


def assert_not_sold(*, last: str) -> None:
    assert not Order.objects.get().is_paid
    assert Payment.objects.latest("number").state == last
    assert not Entitlement.objects.exists()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_guest_pays_and_the_film_starts_in_the_same_page(
    open_page: OpenPage, shop: Shop, film: Video, width: int, language: str
) -> None:
    page = open_page(viewport={"width": width, "height": 844})
    prefix = "/ko" if language == "ko" else ""
    visit = Visit.begin(page, shop, f"{prefix}/videos/noon/")

    visit.fill(cinema.PLAIN)
    assert visit.witness.count_inputs() <= 2
    expect(page.get_by_test_id("pay")).to_contain_text("₩9,900" if language == "ko" else "$7.90")
    visit.pay()

    visit.expect_film()
    visit.witness.swear()
    assert_sold(attempts=["succeeded"])


def test_a_frictionless_check_shows_no_question(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")

    visit.fill(cinema.FRICTIONLESS)
    visit.pay()

    visit.expect_film()
    visit.witness.swear()
    assert_sold(attempts=["succeeded"])


@pytest.mark.parametrize("width", [390, 1440])
def test_the_bank_asks_in_the_page_and_the_film_starts(
    open_page: OpenPage, shop: Shop, film: Video, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 844})
    visit = Visit.begin(page, shop, "/videos/noon/")

    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()
    expect(page.locator("payment-challenge h2")).to_be_focused()
    size = page.get_by_test_id("challenge-frame").bounding_box()
    assert size is not None
    assert (size["width"], size["height"]) in {(250, 400), (390, 400), (500, 600), (600, 400)}
    visit.answer_bank(passed=True)

    visit.expect_film()
    visit.witness.swear()
    assert_sold(attempts=["succeeded"])


def test_a_failed_question_charges_nothing_and_leaves_the_form(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")

    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()
    visit.answer_bank(passed=False)

    visit.expect_status("nothing was charged")
    expect(page.get_by_test_id("order-status")).to_be_focused()
    expect(page.get_by_test_id("email")).to_have_value("ada@example.com")
    visit.witness.swear()
    assert_not_sold(last="refused")


def test_a_question_left_alone_gives_way_to_another_card(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")

    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()
    page.get_by_role("button", name="Use another card").click()
    visit.expect_status("Nothing was charged")
    visit.retype(cinema.PLAIN)
    visit.pay()

    visit.expect_film()
    visit.witness.swear()
    assert_sold(attempts=["abandoned", "succeeded"])


@pytest.mark.parametrize(
    "card, words", [(cinema.DECLINED, "Your bank declined"), (cinema.POOR, "isn't enough money")]
)
def test_a_decline_is_explained_and_another_card_pays(
    page: Page, shop: Shop, film: Video, card: str, words: str
) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")

    visit.fill(card)
    visit.pay()
    visit.expect_status(words)
    visit.retype(cinema.PLAIN)
    visit.pay()

    visit.expect_film()
    visit.witness.swear()
    assert_sold(attempts=["refused", "succeeded"])


def test_a_card_is_declined_after_the_question_was_answered(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")

    visit.fill(cinema.ASKS_THEN_DECLINES)
    visit.pay()
    visit.answer_bank(passed=True)

    visit.expect_status("nothing was charged")
    visit.witness.swear()
    assert_not_sold(last="refused")


def test_who_is_signed_in_pays_with_the_card_alone(page: Page, shop: Shop, film: Video, ada: User) -> None:
    cinema.sign_in(page, shop, ada.email)
    page.wait_for_url("**/library/")
    visit = Visit.begin(page, shop, "/videos/noon/")

    visit.fill(cinema.PLAIN)
    assert visit.witness.count_inputs() == 0, "the card is all"
    visit.pay()

    visit.expect_film()
    visit.witness.swear()
    assert Order.objects.get().user == ada


def test_a_coupon_link_applies_itself_and_survives_a_change_of_currency(
    page: Page, shop: Shop, film: Video
) -> None:
    Coupon.objects.create(code="SPRING", percent=10, uses_limit=1)
    visit = Visit.begin(page, shop, "/videos/noon/?coupon=spring")

    visit.wait_for_form()
    expect(page.get_by_test_id("pay")).to_have_text("Pay $7.11")
    page.get_by_role("link", name="KRW").click()
    expect(page.get_by_test_id("pay")).to_have_text("Pay ₩8,910")
    visit.fill(cinema.PLAIN)
    assert visit.witness.count_inputs() <= 2
    visit.pay()

    visit.expect_film()
    visit.witness.swear()
    assert_sold(attempts=["succeeded"])
    assert Order.objects.get().total_minor == 8910


def test_a_code_that_leaves_nothing_buys_without_a_card(page: Page, shop: Shop, film: Video) -> None:
    Coupon.objects.create(code="GIFT", percent=100, uses_limit=1)
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.wait_for_form()
    page.get_by_test_id("email").fill("ada@example.com")
    assert visit.witness.count_inputs() == 1

    page.get_by_role("button", name="Have a coupon code?").click()
    page.get_by_label("Coupon code").fill("gitf")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="We don't know this code")).to_be_visible()
    expect(page.get_by_label("Coupon code")).to_be_focused()
    page.get_by_label("Coupon code").fill("gift")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_test_id("pay")).to_have_text("Get it for nothing")
    expect(page.get_by_test_id("payment-element")).to_be_hidden()
    visit.pay()

    visit.expect_film()
    visit.witness.swear()
    assert_sold(attempts=[])


@pytest.mark.parametrize("width", [390, 1440])
def test_a_guest_becomes_a_member_with_a_question_in_the_page(
    open_page: OpenPage, shop: Shop, film: Video, width: int
) -> None:
    factories.membership(factories.collection(film, slug="all-day"))
    page = open_page(viewport={"width": width, "height": 844})
    visit = Visit.begin(page, shop, "/collections/all-day/")

    visit.fill(cinema.ALWAYS_ASKS)
    assert visit.witness.count_inputs() <= 2
    expect(page.get_by_role("radio", name="Monthly membership")).to_contain_text("$7.90 a month")
    visit.pay()
    visit.answer_bank(passed=True)

    visit.expect_film()
    visit.witness.swear()
    assert_sold(attempts=["succeeded"])
    assert Membership.objects.get().state == "active"
