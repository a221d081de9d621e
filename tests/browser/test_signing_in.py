"""Signing in from the mailbox: by code, by link, by keyboard alone; axe in each state."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe, cinema
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
EMAIL = "ada@example.com"
_CODE, _LINK = r"\b\d{4} \d{4}\b", r"http://\S+/account/enter/\S+"


def test_every_state_of_signing_in_is_clean(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.url}/account/sign-in/")
    axe.finds_nothing_in_either_light(page, "the address")
    page.get_by_test_id("sign-in").click()
    expect(page.locator("#id_email_error")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "no address")

    page.fill("main input[name=email]", EMAIL)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("code-asked")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "the code")
    page.fill("main input[name=code]", "0000 0000")
    page.get_by_test_id("sign-in").click()
    expect(page.locator("#id_code_error")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "a wrong code")

    page.goto(cinema.mailed(shop, EMAIL, _LINK))
    axe.finds_nothing_in_either_light(page, "the link")
    page.goto(f"{shop.url}/account/enter/made-up/")
    axe.finds_nothing_in_either_light(page, "a link that is not good")


def test_one_signs_in_with_the_keyboard_alone(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.url}/account/sign-in/")
    _tab_to(page, "id_email")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("code-asked")).to_be_visible()

    _tab_to(page, "id_code")
    page.keyboard.type(cinema.mailed(shop, EMAIL, _CODE))
    page.keyboard.press("Enter")

    page.wait_for_url("**/library/")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_mailed_link_signs_in_another_browser(open_page: OpenPage, shop: Shop) -> None:
    asking, phone = open_page(), open_page(viewport={"width": 390, "height": 844}, locale="ko-KR")
    asking.goto(f"{shop.url}/ko/account/sign-in/")
    asking.fill("main input[name=email]", EMAIL)
    asking.get_by_test_id("sign-in").click()
    expect(asking.get_by_test_id("code-asked")).to_be_visible()

    phone.goto(cinema.mailed(shop, EMAIL, _LINK))
    phone.get_by_test_id("enter").click()

    phone.wait_for_url("**/ko/library/")
    expect(phone.get_by_role("button", name="로그아웃")).to_be_visible()


def _tab_to(page: Page, id: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == id:
            return
    raise AssertionError(f"the keyboard does not come to {id}")


def test_a_lost_phone_is_signed_out_from_the_account(open_page: OpenPage, shop: Shop) -> None:
    laptop, phone = open_page(), open_page(viewport={"width": 390, "height": 844})
    for each in (phone, laptop):
        cinema.sign_in(each, shop, EMAIL)
        each.wait_for_url("**/library/")
    laptop.get_by_role("link", name="Account").click()
    expect(laptop.get_by_test_id("browsers").get_by_role("listitem")).to_have_count(2)
    axe.finds_nothing_in_either_light(laptop, "the account")

    laptop.get_by_test_id("end-others").focus()
    laptop.keyboard.press("Enter")

    expect(laptop.get_by_text("Ended.")).to_be_visible()
    axe.finds_nothing_in_either_light(laptop, "ended")
    phone.goto(f"{shop.url}/account/")
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
