"""The buyer asks for his money on the order's page, over real HTTP: what he is shown is what he gets."""

import re
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from accounts.models import Mail, User
from accounts.tasks import send_mail
from billing import tasks
from billing.models import Order, Refund
from tests import factories
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once
from tests.conftest import Shop
from tests.refunding import give_back
from videos.models import Entitlement, PlaybackSession, WatchProgress

pytestmark = pytest.mark.django_db(transaction=True)

NEW_YORK = {"time_zone": "America/New_York"}  # where no law of ours has a say


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    """Ada, who has bought a film of two hours."""
    film = factories.film_on_sale("noon")
    film.duration_seconds = 7200
    film.save()
    ada = Buyer(shop.url, shop.world)
    assert ada.pay(ada.quote("noon"), **NEW_YORK).json()["state"] == "paid"
    return ada


def _page(buyer: Buyer, path: str = "") -> requests.Response:
    return buyer.http.get(f"{buyer.url}{path}/orders/{Order.objects.get().reference}/", timeout=20)


def _ask(buyer: Buyer, *, shown: int = 790, reason: str = "changed_mind", **more: str) -> requests.Response:
    body = {"reason": reason, "shown": shown, **more}
    return buyer.post(f"/api/v1/orders/{Order.objects.get().reference}/refunds/", body)


def _watch(seconds: int) -> None:
    """So much was reported of every session there is."""
    for session in PlaybackSession.objects.all():
        WatchProgress.objects.create(
            viewer_code=session.viewer_code,
            video=session.video,
            watched_seconds=seconds,
            reported_at=timezone.now(),
        )


def test_amount_rule_and_consequence_are_shown_before_anything_is_asked(buyer: Buyer) -> None:
    page = _page(buyer).text

    assert "You get $7.90 back, all that you paid." in page
    assert "Hardly watched, within seven days" in page
    assert "You can no longer watch it then." in page
    assert re.search(r'name="shown" value="790" data-testid="refund-request">Get \$7.90 back<', page)
    assert not Refund.objects.exists()


def test_one_press_gives_it_back_and_ends_the_right(buyer: Buyer) -> None:
    answer = _ask(buyer, words="wrong film")

    refund = Refund.objects.get()
    assert (answer.status_code, answer.json()["state"]) == (200, "succeeded")
    assert answer.json()["sentence"].startswith("$7.90 goes back to your card.")
    assert (refund.asker, refund.rule, refund.rulebook) == ("buyer", "hardly_watched", "2026-11")
    assert (len(refund.rulebook_fingerprint), refund.note) == (64, "wrong film")
    assert buyer.watch("noon").status_code == 404
    assert "refund-request" not in _page(buyer).text.partition("<main")[2]


def test_the_form_works_without_a_script(buyer: Buyer) -> None:
    page = _page(buyer)
    form = {
        "reason": "changed_mind",
        "shown": "790",
        "words": "",
        "csrfmiddlewaretoken": re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[-1],
    }

    answer = buyer.http.post(f"{page.url}refund/", data=form, headers={"Referer": page.url}, timeout=20)

    assert answer.status_code == 200
    assert "It went to your card." in answer.text
    assert Order.objects.get().is_refunded


def test_pressed_twenty_times_at_once_it_is_one_refund(buyer: Buyer) -> None:
    tabs = [Buyer(buyer.url, buyer.world) for _ in range(20)]
    for tab in tabs:
        tab.http.cookies.update(buyer.http.cookies)

    answers = all_at_once(*[lambda tab=tab: _ask(tab) for tab in tabs])

    assert {answer.status_code for answer in answers} in ({200, 409}, {200})
    tasks.sweep()
    assert [told["amount"] for told in buyer.world.objects("refund")] == [790]
    assert Refund.objects.count() == 1
    assert Order.objects.get().refunded_minor == 790


def test_a_wish_that_arrives_twice_is_answered_twice_and_carried_out_once(buyer: Buyer) -> None:
    first = _ask(buyer, words="wrong film")

    again = _ask(buyer, words="wrong film")

    assert (again.status_code, again.json()) == (200, first.json())
    assert _ask(buyer, reason="other").json()["code"] == "nothing"
    assert _ask(buyer, shown=0).json()["code"] == "nothing"
    assert (Refund.objects.count(), len(buyer.world.objects("refund"))) == (1, 1)
    Refund.objects.update(asker="staff", asked_by=User.objects.create_user("cho@example.com"))
    assert _ask(buyer).json()["code"] == "nothing", "what staff gave back is no answer to him"


def test_what_was_watched_too_much_stays_paid(buyer: Buyer) -> None:
    _watch(601)

    answer = _ask(buyer)

    assert "More than 10 minutes or 20% of this have been watched" in _page(buyer).text
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing")
    assert not Refund.objects.exists()


def test_a_link_handed_out_counts_as_watched_even_if_the_player_keeps_silent(buyer: Buyer) -> None:
    now = timezone.now()
    PlaybackSession.objects.update(opened_at=now - timedelta(seconds=700), link_until=now)

    assert _ask(buyer).json()["code"] == "nothing"


def test_links_that_overlap_count_once(buyer: Buyer) -> None:
    for _ in range(4):
        buyer.watch("noon")
    now = timezone.now()
    PlaybackSession.objects.update(opened_at=now - timedelta(seconds=300), link_until=now)

    assert _ask(buyer).json()["state"] == "succeeded"


def test_what_was_shown_is_what_is_given_or_nothing(buyer: Buyer) -> None:
    assert _ask(buyer, shown=789).json()["code"] == "changed"
    give_back(Order.objects.get(), 300)

    stale = _ask(buyer, shown=790)
    fresh = _ask(buyer, shown=490)

    assert (stale.status_code, stale.json()["code"]) == (409, "changed")
    assert fresh.json()["state"] == "succeeded"
    assert [refund.amount_minor for refund in Refund.objects.order_by("number")] == [300, 490]


def test_a_person_is_asked_where_the_rules_leave_it_to_one(buyer: Buyer) -> None:
    _watch(3000)
    page = _page(buyer).text
    assert "We read what you write and answer by e-mail." in page

    answer = _ask(buyer, reason="other", shown=0, words="It made me sad.\n<b>Very</b>")
    _ask(buyer, reason="other", shown=0, words="again")

    mail = Mail.objects.get(template="refund-request")
    assert answer.json() == {
        "state": "asked",
        "sentence": "We have your message and answer by e-mail. Nothing changes until then.",
        "is_ended": False,
    }
    assert (mail.context["words"], mail.context["reference"]) == (
        "It made me sad.\n<b>Very</b>",
        Order.objects.get().reference,
    )
    send_mail()
    sent = buyer.world.sandbox.mail(mail.to)[-1]
    assert "&lt;b&gt;Very" in sent["html"]
    assert not Refund.objects.exists()
    assert buyer.watch("noon").status_code == 200


def test_korean_buyers_read_it_in_korean(buyer: Buyer) -> None:
    page = _page(buyer, "/ko").text

    assert "환불 요청하기" in page
    assert "$7.90 환불받기" in page


def test_strangers_get_nothing_and_change_nothing(buyer: Buyer) -> None:
    stranger = Buyer(buyer.url, buyer.world)
    stranger.panel("noon")
    reference = Order.objects.get().reference

    for path in (f"/api/v1/orders/{reference}/refunds/", f"/orders/{reference}/refund/"):
        assert stranger.post(path, {"reason": "changed_mind", "shown": 790}).status_code in (403, 404)
    assert stranger.http.get(f"{buyer.url}/orders/{reference}/", timeout=20).status_code == 404

    assert not Refund.objects.exists()
    assert _ask(buyer).status_code == 200


def test_a_refund_touches_no_other_order(buyer: Buyer, shop: Shop) -> None:
    factories.film_on_sale("dusk")
    first = Order.objects.get()
    assert buyer.buy("dusk")["state"] == "paid"

    buyer.post(f"/api/v1/orders/{first.reference}/refunds/", {"reason": "changed_mind", "shown": 790})

    assert buyer.watch("noon").status_code == 404
    assert buyer.watch("dusk").status_code == 200


@pytest.mark.parametrize("body", [{}, {"reason": "x", "shown": 790}, {"reason": "other", "shown": -1}])
def test_nonsense_is_refused(buyer: Buyer, body: dict[str, object]) -> None:
    reference = Order.objects.get().reference

    assert buyer.post(f"/api/v1/orders/{reference}/refunds/", body).status_code == 400


def test_a_guests_second_purchase_goes_through_and_is_given_back_in_full(buyer: Buyer) -> None:
    elsewhere = Buyer(buyer.url, buyer.world)
    again = elsewhere.buy("noon")
    assert (again["state"], bool(again["playback"])) == ("paid", True)

    tasks.sweep()

    second = Order.objects.get(reference=again["order"])
    refund = Refund.objects.get()
    assert (refund.order, refund.reason, refund.asker) == (second, "bought_twice", "shop")
    assert second.is_refunded
    assert buyer.watch("noon").status_code == 200
    assert elsewhere.watch("noon").status_code == 404
    assert _sent(buyer)
    assert buyer.world.objects("refund")[0]["reason"] == "duplicate"


def _sent(buyer: Buyer) -> bool:
    send_mail()
    return any("bought this film before" in mail["text"] for mail in buyer.world.sandbox.mail("ada@"))


def test_other_films_other_people_and_what_was_given_back_are_no_second_purchase(buyer: Buyer) -> None:
    factories.film_on_sale("dusk")
    Buyer(buyer.url, buyer.world).buy("dusk")
    bo = Buyer(buyer.url, buyer.world)
    bo.pay(bo.quote("noon"), email="bo@example.com")
    first = Order.objects.order_by("id")[0]
    give_back(first)
    Buyer(buyer.url, buyer.world).buy("noon")

    tasks.sweep()

    assert Refund.objects.count() == 1
    assert Entitlement.objects.filter(revoked_at=None).count() == 3


def test_two_second_purchases_are_each_given_back_once(buyer: Buyer) -> None:
    for _ in range(2):
        Buyer(buyer.url, buyer.world).buy("noon")

    all_at_once(tasks.sweep, tasks.sweep)
    tasks.sweep()

    assert sorted(Order.objects.values_list("refunded_minor", flat=True)) == [0, 790, 790]
    assert len(buyer.world.objects("refund")) == 2
