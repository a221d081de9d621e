"""Staff find a buyer by what he can tell, and read what happened to his viewings."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing.models import Order
from tests import factories, office
from tests.attacks import Visitor
from tests.saboteurs import rows
from tests.sandbox_client import World
from videos.models import Entitlement, PlaybackSession, play_log, playing_sql
from videos.models.play_log import Happened

pytestmark = pytest.mark.django_db


def bought(number: int = 1) -> Order:
    order: Order = rows.fresh(Order)
    order.email, order.card_last4 = f"ada-{number}@example.com", "4242"
    order.save()
    right = rows.fresh(Entitlement)
    right.reference = order.reference
    right.save()
    session = rows.fresh(PlaybackSession)
    session.entitlement, session.player_id = right, "P-1"
    session.save()
    for what, detail in ((Happened.ASKED, "P-1"), (Happened.OTHER_PLAYER, "P-2"), (Happened.ERROR, "8479")):
        playing_sql.note(session.pk, play_log.line(what, detail, at=timezone.now()))
    return order


def looked(browser: Any, term: str) -> str:
    return office.text(browser.get(reverse("admin:billing_order_playing"), {"q": term}))


@pytest.mark.parametrize("by", ["address", "reference", "digits"])
def test_a_buyer_is_found_and_his_viewings_told(cho: User, by: str) -> None:
    order = bought()
    term = {"address": "Ada-1@example.com", "reference": order.reference[:10], "digits": "4242"}[by]

    page = looked(office.signed_in(cho), term)

    assert "ada-1@example.com" in page
    for words in ("Playback opened", "asked for permission", "another player had this link", "8479 · "):
        assert words in page


@pytest.mark.parametrize("term", ["nobody@example.com", "0000", "zz", "\0"])
def test_nothing_found_is_said(cho: User, term: str) -> None:
    bought()

    assert "Playback opened" not in looked(office.signed_in(cho), term)


def test_the_page_costs_the_same_however_much_was_bought(cho: User) -> None:
    browser, address = office.signed_in(cho), reverse("admin:billing_order_playing") + "?q=4242"
    bought()
    few = office.statements(browser, address)
    for number in range(12):
        bought(number)

    many = office.statements(browser, address)

    assert len(many) == len(few) <= 6


def test_who_may_not_see_viewings_sees_none(bo: User) -> None:
    address = reverse("admin:billing_order_playing")

    assert office.signed_in(bo, "billing.view_order").get(address).status_code == 403
    assert office.signed_in(bo, "videos.view_playbacksession").get(address).status_code == 200


def test_a_sale_remembers_the_card_s_last_four_digits(world: World) -> None:
    factories.film_on_sale("noon")
    ada = Visitor(world)

    ada.pay(ada.quote("noon"), email="ada@example.com")

    assert Order.objects.get().card_last4 == "4242"
