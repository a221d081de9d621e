"""Each kind of page that the office has through axe, in both lights: shown, asked, worked with and refused.

Mostly on a phone: there the long list of all pages stands in the index alone, and is not looked at anew.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import letter_samples
from accounts.models import User
from billing.models import Coupon, Dispute, Membership, Order, Selling
from tests import office
from tests.browser import axe, focus, walking
from tests.conftest import Shop
from tests.privacy import adas_things
from tests.saboteurs import rows
from videos.models import Chapter, Collection, Entitlement, Offer, TakeDown, Video

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(open_page: Callable[..., Page], shop: Shop, cho: User) -> Page:
    page = open_page(viewport={"width": 390, "height": 844})
    walking.lend_cookies(office.signed_in(cho), page, shop)
    return page


@pytest.fixture
def desk(open_page: Callable[..., Page], shop: Shop, cho: User) -> Page:
    page = open_page()
    walking.lend_cookies(office.signed_in(cho), page, shop)
    return page


def test_what_is_shown(phone: Page, shop: Shop, ada: User) -> None:
    things = adas_things.of(ada)
    film, order, member = things.order.offer.video, things.order, things.member
    assert film
    chapter = rows.fresh(Chapter)
    chapter.video = film
    chapter.save()
    paths = [
        reverse("admin:index"),
        office.page(Order),
        office.page(Coupon) + "?q=nothing",
        office.page(Order, "change", order.pk),
        office.page(Order, "history", order.pk),
        office.page(Video, "change", film.pk),
        office.page(Offer, "change", order.offer_id),
        office.page(Membership, "change", member.membership.pk),
        office.page(Dispute, "change", order.disputes.get().pk),
        office.page(Selling),
        reverse("admin:billing_order_playing") + f"?q={ada.email}",
        reverse("admin:videos_playbacksession_trace") + f"?code={things.session.viewer_code.code}",
        reverse("admin:billing_ledgerentry_totals"),
        reverse("admin:accounts_mail_kinds"),
        reverse("admin:accounts_mail_kind", args=[letter_samples.every()[0].name, "ko"]),
    ]

    seen = []
    for path in walking.opened(phone, shop, paths):
        axe.finds_nothing_in_either_light(phone)
        seen.append(path)

    assert seen == paths


def test_fields_that_come_ready_made(desk: Page, shop: Shop, ada: User) -> None:
    """With what they open, and all that the focus meets on their pages."""
    ada.user_permissions.add(Permission.objects.earliest("id"))
    coupon, course, _film = rows.saved(Coupon), rows.saved(Collection), rows.saved(Video)
    coupon.offers.add(rows.saved(Offer))
    desk.goto(shop.url + office.page(User, "change", ada.pk))
    expect(desk.locator(".selector-chosen option")).to_have_count(1)
    axe.finds_nothing_in_either_light(desk, "rights to be given")
    focus.is_always_seen(desk)

    desk.goto(shop.url + office.page(Collection, "change", course.pk))
    desk.locator("#items-group .add-row a").click()
    axe.finds_nothing_in_either_light(desk, "a film to be added")
    desk.locator("#items-group").get_by_role("combobox", name="Video").click()
    expect(desk.get_by_role("searchbox", name="Video")).to_be_focused()
    expect(desk.get_by_role("listbox", name="Video").get_by_role("option")).to_have_count(2)
    axe.finds_nothing_in_either_light(desk, "films to choose from")

    desk.goto(shop.url + office.page(Coupon, "change", coupon.pk))
    expect(desk.get_by_role("searchbox", name="Only for")).to_be_visible()
    focus.is_always_seen(desk)
    for opens, opened in (("date", ".calendarbox"), ("clock", ".clockbox")):
        desk.locator(f".datetimeshortcuts .{opens}-icon").first.click()
        expect(desk.locator(opened).first).to_be_visible()
        axe.finds_nothing_in_either_light(desk, opened)


def test_what_is_asked_and_refused(phone: Page, shop: Shop, cho: User, ada: User) -> None:
    """Each answer is made without the page that asks for it."""
    things = adas_things.of(ada)
    order, browser = things.order, office.signed_in(cho)
    leaves = f"{timezone.localtime() + timedelta(days=9):%Y-%m-%dT%H:%M}"
    leaving = {"video": "noon", "leaves_at": leaves, "cause": "law", "owners": "lose"}
    no_amount = {"amounts-TOTAL_FORMS": "1", "amounts-INITIAL_FORMS": "0"}
    answers = {
        "a refund of nothing": office.act(browser, "refund", order, amount="x", after="0"),
        "refunds of two": office.act(browser, "refund", order, things.member),
        "a right to be ended": office.act(browser, "revoke", Entitlement.objects.earliest("id")),
        "a member to be moved": office.act(browser, "move", things.member.membership),
        "an answer to a bank": office.act(browser, "send_evidence", rows.saved(Dispute)),
        "a film to leave": browser.post(office.page(TakeDown, "add"), leaving | {"reason": "A letter."}),
        "one to leave for no reason": browser.post(office.page(TakeDown, "add"), leaving),
        "a coupon of nothing": browser.post(office.page(Coupon, "add"), no_amount),
    }

    for what, answer in answers.items():
        assert answer.status_code == 200, what
        walking.show(phone, shop, office.text(answer))
        axe.finds_nothing_in_either_light(phone, what)
