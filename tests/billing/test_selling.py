"""The switch that stops the tills: nothing new is sold, and what was sold plays on."""

from functools import partial

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from billing.buying import selling
from billing.models import Order, Refund, Selling
from tests import factories, office
from tests.attacks import Visitor
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.statements import counted
from videos.models import Video

ALWAYS_ASKS = "4000002760003184"
PANEL = "/checkout/videos/noon/panel/"


def close(mode: str = Selling.Mode.STOPPED) -> None:
    Selling.objects.update_or_create(pk=1, defaults={"mode": mode, "note": "stocktaking"})


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    shop.announce(factories.film_on_sale("noon"))
    return Buyer(shop.url, shop.world)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", [Selling.Mode.STOPPED, Selling.Mode.READ_ONLY])
def test_a_closed_till_charges_nobody_and_keeps_the_price(buyer: Buyer, mode: str) -> None:
    quote = buyer.quote("noon")
    close(mode)

    refused = buyer.pay(quote)

    assert (refused.status_code, refused.json()["code"]) == (503, "selling_stopped")
    assert "nothing was charged" in refused.json()["sentence"]
    assert not Order.objects.exists()
    assert buyer.world.objects("payment_intent") == []
    close(Selling.Mode.OPEN)
    assert buyer.pay(quote).json()["state"] == "paid"


@pytest.mark.django_db(transaction=True)
def test_what_was_begun_is_carried_to_its_end_and_plays(buyer: Buyer) -> None:
    asked = buyer.pay(buyer.quote("noon"), card=ALWAYS_ASKS).json()
    close(Selling.Mode.READ_ONLY)

    buyer.world.challenge(asked["challenge_url"], passed=True)

    assert buyer.status(asked["order"])["state"] == "paid"
    assert buyer.watch("noon").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_money_back_waits_for_the_end_of_read_only(buyer: Buyer) -> None:
    Video.objects.update(duration_seconds=7200)  # a short one is watched while a slow machine asks
    order = buyer.buy("noon")["order"]
    ask = partial(buyer.post, f"/api/v1/orders/{order}/refunds/", {"reason": "changed_mind", "shown": 790})
    close(Selling.Mode.READ_ONLY)

    refused = ask()

    assert (refused.status_code, refused.json()["code"]) == (503, "read_only")
    assert not Refund.objects.exists()
    close(Selling.Mode.STOPPED)
    assert ask().json()["state"] == "succeeded"


@pytest.mark.django_db
def test_the_panel_says_so_and_shows_no_price(bo: User) -> None:
    factories.film_on_sale("noon")
    close()

    page = Visitor().get(PANEL).content.decode()

    assert "We are not selling anything just now" in page
    assert "quote" not in page
    assert "판매를 잠시 멈췄어요" in Visitor().get(f"/ko{PANEL}").content.decode()


@pytest.mark.django_db
def test_a_link_by_mail_waits_for_the_end_of_read_only() -> None:
    factories.film_on_sale("noon")
    ask = {"email": "bo@example.com", "kind": "videos", "slug": "noon"}
    close(Selling.Mode.READ_ONLY)

    refused = Visitor().post("/api/v1/checkout-links/", ask)

    assert (refused.status_code, refused.json()["code"]) == (503, "read_only")
    close(Selling.Mode.STOPPED)
    assert Visitor().post("/api/v1/checkout-links/", ask).status_code == 202


@pytest.mark.django_db
def test_a_switch_never_touched_is_open_and_there_is_one() -> None:
    assert selling.mode() == Selling.Mode.OPEN
    selling.check_tills(None)

    assert selling.switch() == selling.switch()
    with pytest.raises(IntegrityError), transaction.atomic():
        Selling.objects.create(pk=2)
    with pytest.raises(ValidationError):
        Selling(pk=1, mode="half open").full_clean()


@pytest.mark.django_db
def test_a_sale_asks_the_switch_in_no_statement_of_its_own(bo: User) -> None:
    factories.film_on_sale("noon")
    visitor = Visitor()
    visitor.get(PANEL)

    with counted() as sql:
        visitor.get(PANEL)

    assert len([each for each in sql if "billing_selling" in each]) == 1
    assert len(sql) <= 10


@pytest.mark.django_db
class TestTheOffice:
    def test_the_switch_is_one_page_and_keeps_who_and_why(self, bo: User) -> None:
        office_of_bo = office.signed_in(bo, "billing.view_selling", "billing.change_selling")

        page = office_of_bo.get(office.page(Selling), follow=True)
        assert page.redirect_chain[-1][0] == office.page(Selling, "change", 1)
        without = office_of_bo.post(office.page(Selling, "change", 1), {"mode": "stopped", "note": ""})
        assert "Say why" in office.text(without)
        office_of_bo.post(office.page(Selling, "change", 1), {"mode": "stopped", "note": "stocktaking"})

        assert selling.mode() == Selling.Mode.STOPPED
        entry = LogEntry.objects.get()
        assert (entry.user, entry.get_change_message()) == (bo, "stopped: stocktaking")

    def test_who_may_only_look_cannot_close_the_shop(self, bo: User) -> None:
        browser = office.signed_in(bo, "billing.view_selling")

        refused = browser.post(office.page(Selling, "change", 1), {"mode": "stopped", "note": "for fun"})

        assert refused.status_code in (302, 403)
        assert selling.mode() == Selling.Mode.OPEN

    def test_a_stranger_finds_no_switch(self, bo: User) -> None:
        browser = office.signed_in(bo)
        look = partial(browser.get, office.page(Selling))
        assert look().status_code == 403
        assert not Selling.objects.exists()
