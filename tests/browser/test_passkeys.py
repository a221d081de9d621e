"""A passkey in the browser: added, signed in with, removed; with Chromium's own virtual authenticator."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Mail
from tests.browser import axe, cinema
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "ada@example.com"


def test_a_passkey_signs_in_until_it_is_removed(page: Page, shop: Shop) -> None:
    _give_authenticator(page)
    cinema.sign_in(page, shop, EMAIL)
    page.wait_for_url(f"{shop.url}/library/")
    page.goto(f"{shop.url}/account/passkeys/")
    axe.finds_nothing_in_either_light(page, "none yet")
    page.fill("#passkey-name", "Ada's laptop")
    page.get_by_test_id("add-passkey").click()
    expect(page.get_by_test_id("way-in-done")).to_contain_text("Added")
    expect(page.get_by_test_id("ways-in")).to_contain_text("Ada's laptop")
    axe.finds_nothing_in_either_light(page, "one")

    page.context.clear_cookies()
    page.goto(f"{shop.url}/account/sign-in/?next=/orders/")
    axe.finds_nothing_in_either_light(page, "signing in")
    page.get_by_test_id("passkey-sign-in").click()
    page.wait_for_url(f"{shop.url}/orders/")
    page.goto(f"{shop.url}/account/passkeys/")
    expect(page.get_by_test_id("ways-in")).to_contain_text("last used on")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_test_id("way-in-done")).to_contain_text("Removed")

    page.context.clear_cookies()
    page.goto(f"{shop.url}/account/sign-in/")
    page.get_by_test_id("passkey-sign-in").click()
    expect(page.get_by_role("alert").first).to_contain_text("does not open anything here")
    assert [mail.context["is_added"] for mail in Mail.objects.filter(template="passkey").order_by("id")] == [
        *("yes", "")
    ]


def test_who_turns_away_is_told_so_and_signs_in_by_mail(page: Page, shop: Shop) -> None:
    _give_authenticator(page, is_user_verified=False)
    page.goto(f"{shop.url}/account/sign-in/")

    page.get_by_test_id("passkey-sign-in").click()

    expect(page.get_by_text("No passkey was used.")).to_be_visible()
    cinema.sign_in(page, shop, EMAIL)
    page.wait_for_url(f"{shop.url}/library/")


def _give_authenticator(page: Page, *, is_user_verified: bool = True) -> None:
    """A device that answers at once, as if its owner's finger lay on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": is_user_verified,
                "automaticPresenceSimulation": True,
            }
        },
    )
