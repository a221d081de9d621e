"""The witness has eyes, and the policy holds: what must not happen in the page is seen, or stopped."""

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.cinema import ALWAYS_ASKS, PLAIN, Visit
from tests.concurrency.racing import until
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)

_MODALS = {
    "a dialog in the top layer": (
        "const d = document.createElement('dialog'); document.body.append(d); d.showModal()"
    ),
    "a fixed cover": (
        "const d = document.createElement('div'); Object.assign(d.style, {position: 'fixed', inset: 0});"
        "document.body.append(d)"
    ),
    "something laid over the panel": (
        "const d = document.createElement('div');"
        "Object.assign(d.style, {position: 'absolute', inset: 0, zIndex: 9}); document.body.append(d)"
    ),
}


@pytest.fixture
def visit(page: Page, shop: Shop) -> Visit:
    shop.announce(factories.film_on_sale("noon"))
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.wait_for_form()
    return visit


@pytest.mark.parametrize("script", _MODALS.values(), ids=_MODALS.keys())
def test_a_modal_is_caught(visit: Visit, script: str) -> None:
    visit.witness.swear()

    visit.page.evaluate(script)
    until(lambda: visit.page.evaluate("__seen.overlays.length"))

    with pytest.raises(AssertionError, match="overlays"):
        visit.witness.swear()


def test_stripes_own_dialog_is_caught(visit: Visit) -> None:
    """Which is what a shop would show that let Stripe.js handle the bank's question."""
    visit.fill(ALWAYS_ASKS)
    visit.pay()
    expect(visit.page.get_by_test_id("challenge-frame")).to_be_visible()
    visit.witness.swear()
    [intent] = visit.shop.world.objects("payment_intent")

    visit.page.evaluate(
        "([key, clientSecret]) => { Stripe(key).handleNextAction({ clientSecret }) }",
        [visit.shop.world.publishable_key, intent["client_secret"]],
    )
    expect(visit.page.get_by_test_id("stripe-modal")).to_be_visible()
    until(lambda: visit.page.evaluate("__seen.overlays.length"))

    with pytest.raises(AssertionError, match=r"'overlays': .*dialog"):
        visit.witness.swear()


def test_a_pop_up_and_a_navigation_are_caught(visit: Visit) -> None:
    visit.page.evaluate("window.open('/')")
    with pytest.raises(AssertionError, match=r"window\.open"):
        visit.witness.swear()

    visit.page.goto(visit.shop.url)
    with pytest.raises(AssertionError, match="navigations"):
        visit.witness.swear()


def test_an_inline_script_is_blocked(visit: Visit) -> None:
    visit.page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.stolen = 1';"
        "document.body.append(s)"
    )

    until(lambda: any("script-src" in report for report in visit.page.evaluate("__seen.reports")))
    assert visit.page.evaluate("window.stolen") is None


def test_a_foreign_frame_and_a_foreign_script_are_blocked(visit: Visit) -> None:
    elsewhere = f"http://evil.localhost:{visit.shop.port}/"

    visit.page.evaluate(
        "url => { for (const name of ['iframe', 'script']) {"
        " const e = document.createElement(name); e.src = url; document.body.append(e) } }",
        elsewhere,
    )

    until(lambda: any("frame-src" in report for report in visit.page.evaluate("__seen.reports")))
    until(lambda: any("script-src" in report for report in visit.page.evaluate("__seen.reports")))


def test_a_purchase_by_keyboard_alone(visit: Visit) -> None:
    page = visit.page
    page.get_by_test_id("email").focus()
    page.keyboard.type("ada@example.com")
    visit.type_card(PLAIN)
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("pay")).to_be_focused()
    page.keyboard.press("Enter")

    visit.expect_film()
    visit.witness.swear()


def test_the_offers_are_chosen_with_the_arrow_keys(page: Page, shop: Shop) -> None:
    film = factories.film_on_sale("noon")
    factories.offer(film, "rent", usd=390, krw=4900)
    shop.announce(film)
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.wait_for_form()

    page.get_by_role("radio", name="Own").focus()
    page.keyboard.press("ArrowDown")

    expect(page.get_by_role("radio", name="Rent")).to_be_focused()
    expect(page.get_by_role("radio", name="Rent")).to_be_checked()
    expect(page.get_by_test_id("pay")).to_contain_text("$3.90")
