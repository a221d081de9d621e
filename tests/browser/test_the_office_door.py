"""The office's door in the browser: a mailed code alone does not open it; axe in each state."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import app
from tests.browser import axe, cinema
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)


def test_staff_enter_after_a_second_step_and_not_before(page: Page, shop: Shop, cho: User) -> None:
    cinema.sign_in(page, shop, cho.email, path="/admin/billing/order/")
    expect(page.get_by_role("heading", name="Set up your second step")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "setting up")
    secret = page.get_by_test_id("secret").inner_text()
    page.goto(f"{shop.url}/admin/")
    expect(page.get_by_role("heading", name="Set up your second step")).to_be_visible()

    page.goto(f"{shop.url}/admin/billing/order/")
    secret = page.get_by_test_id("secret").inner_text()
    page.fill("main input[name=code]", "000000")
    page.keyboard.press("Enter")
    expect(page.locator("#id_code_error")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "a wrong code")
    page.fill("main input[name=code]", app.code(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("recovery-codes").get_by_role("listitem")).to_have_count(10)
    axe.finds_nothing_in_either_light(page, "the recovery codes")
    page.get_by_role("link", name="open the office").click()

    page.wait_for_url("**/admin/billing/order/")
    expect(page.locator("#site-name")).to_be_visible()


def test_another_browser_is_asked_for_the_app(page: Page, shop: Shop, cho: User) -> None:
    cinema.sign_in(page, shop, cho.email, path="/admin/")
    secret = page.get_by_test_id("secret").inner_text()
    page.fill("main input[name=code]", app.code(secret))
    page.get_by_test_id("second-step").click()
    expect(page.get_by_test_id("recovery-codes")).to_be_visible()
    page.context.clear_cookies()

    cinema.sign_in(page, shop, cho.email, path="/admin/")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "the step")
    page.fill("main input[name=code]", app.code(secret, steps=1))
    page.get_by_test_id("second-step").click()

    page.wait_for_url("**/admin/")
    expect(page.locator("#site-name")).to_be_visible()
