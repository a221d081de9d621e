"""What a buyer is told of a film that leaves, and that it is sold to nobody once it has left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.leaving import giving_back
from billing.models import Order
from tests import factories
from tests.buyer import Buyer
from tests.conftest import Shop
from videos.models import TakeDown, Video
from videos.publishing import taking_down

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
ALWAYS_ASKS = "4000002760003184"


@pytest.fixture
def film(shop: Shop) -> Video:
    film = factories.film_on_sale("noon")
    shop.announce(film)
    return film


@pytest.fixture
def buyer(film: Video, shop: Shop) -> Buyer:
    return Buyer(shop.url, shop.world)


def take_down(film: Video, owners: str) -> None:
    now = timezone.now()
    taking_down.take_down(
        film, leaves_at=now + DAY, at=now, cause="licence", owners=owners, reason="It ends."
    )


def leave(film: Video) -> None:
    """The day passes."""
    now = timezone.now()
    TakeDown.objects.update(asked_at=now - DAY, leaves_at=now)
    Video.objects.filter(pk=film.pk).exclude(watched_until=None).update(watched_until=now, sold_until=now)
    Video.objects.filter(pk=film.pk, watched_until=None).update(sold_until=now)


@pytest.mark.parametrize(
    "owners, language, words",
    [
        ("keep", "en", "Who buys it keeps it."),
        ("keep", "ko", "구매하신 분은 계속 보실 수 있어요."),
        ("keep", "ja", "購入した方はその後も視聴できます。"),
        ("lose", "en", "then it leaves the shop and nobody can watch it any more. Nothing is given back"),
        ("lose", "ko", "그 뒤에는 아무도 볼 수 없어요."),
        ("lose", "ja", "以後はどなたも視聴できなくなります。"),
    ],
)
def test_nobody_buys_it_without_being_told(
    buyer: Buyer, film: Video, owners: str, language: str, words: str
) -> None:
    take_down(film, owners)
    root = buyer.url if language == "en" else f"{buyer.url}/{language}"

    panel = buyer.http.get(f"{root}/checkout/videos/noon/panel/", params={"time_zone": "Asia/Seoul"})

    assert words in panel.text
    assert "(Asia/Seoul)" in panel.text


def test_a_collection_s_buyer_is_told_too(buyer: Buyer, film: Video) -> None:
    course = factories.collection(film, factories.video("dusk"))
    factories.offer(course)
    take_down(film, "lose")

    panel = buyer.http.get(f"{buyer.url}/checkout/collections/{course.slug}/panel/").text

    assert f"“{film.title}” leaves on" in panel
    leave(film)
    panel = buyer.http.get(f"{buyer.url}/checkout/collections/{course.slug}/panel/").text
    assert film.title not in panel


@pytest.mark.parametrize("owners", ["keep", "lose"])
def test_once_it_has_left_neither_panel_nor_pay_sells_it(buyer: Buyer, film: Video, owners: str) -> None:
    quote = buyer.quote("noon")
    take_down(film, owners)
    leave(film)

    refused = buyer.pay(quote)

    assert refused.status_code == 409
    assert not Order.objects.exists()
    assert buyer.world.objects("payment_intent") == []
    for path in ("/checkout/videos/noon/panel/", "/checkout/videos/noon/", "/videos/noon/"):
        assert buyer.http.get(buyer.url + path).status_code == 404
    assert "/videos/noon/" not in buyer.http.get(buyer.url).text


def test_who_keeps_what_was_paid_while_it_left_watches_it(buyer: Buyer, film: Video) -> None:
    take_down(film, "keep")
    asked = buyer.pay(buyer.quote("noon"), card=ALWAYS_ASKS).json()
    leave(film)

    buyer.world.challenge(asked["challenge_url"], passed=True)

    assert buyer.status(asked["order"])["state"] == "paid"
    assert buyer.watch("noon").status_code == 200


def test_who_loses_what_was_paid_while_it_left_is_told_and_given_it_back(buyer: Buyer, film: Video) -> None:
    take_down(film, "lose")
    asked = buyer.pay(buyer.quote("noon"), card=ALWAYS_ASKS).json()
    leave(film)

    buyer.world.challenge(asked["challenge_url"], passed=True)

    said = buyer.status(asked["order"])
    assert (said["state"], said["playback"]) == ("paid", None)
    assert "Paid, but the film has left the shop meanwhile." in said["receipt_html"]
    assert giving_back.sweep(at=timezone.now()) == 1
    assert Order.objects.get().is_refunded


def test_the_order_s_page_says_what_became_of_it(buyer: Buyer, film: Video) -> None:
    order = buyer.buy("noon")["order"]
    address = f"{buyer.url}/orders/{order}/"
    take_down(film, "lose")
    assert "It can be watched until" in buyer.http.get(address).text
    leave(film)

    page = buyer.http.get(address).text

    assert "It has left the shop and can't be watched any more." in page
    assert "Our licence for it has ended." in page
    assert buyer.watch("noon").status_code == 404
