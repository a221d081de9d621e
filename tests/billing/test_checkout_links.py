"""A link to the checkout by mail, for who cannot pay in this browser just now."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from accounts import mailing
from accounts.models import Mail
from billing.buying import checkout_links
from tests import factories
from tests.attacks import Answer, Visitor
from tests.sandbox_client import World
from videos.models import Video

pytestmark = pytest.mark.django_db

LINKS: Final = "/api/v1/checkout-links/"
NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def film() -> Video:
    return factories.film_on_sale("noon")


def ask(visitor: Visitor, *, language: str = "", **given: str) -> Answer:
    body = {"email": "Bo@Example.com", "kind": "videos", "slug": "noon"}
    return visitor.post(language + LINKS, body | given)


def test_the_mail_leads_to_the_checkout(film: Video, world: World) -> None:
    assert ask(Visitor(), email="bo-asks@example.com").status_code == 202
    mailing.send_waiting(at=NOON)

    mail = world.sandbox.mail("bo-asks@example.com")[0]
    address = Mail.objects.get().context["checkout_url"]
    assert address in mail["text"]
    assert film.title in mail["subject"]
    assert Visitor().get(address.removeprefix("http://localhost")).status_code == 200


def test_the_mail_speaks_the_language_of_the_page(film: Video) -> None:
    ask(Visitor(), language="/ko")

    mail = Mail.objects.get()
    assert mail.language == "ko"
    assert mail.context["title"].startswith("영화")
    assert "/ko/checkout/videos/noon/" in mail.context["checkout_url"]


@pytest.mark.usefixtures("one_hour")
def test_asked_again_within_the_hour_it_is_one_mail_and_one_answer(film: Video) -> None:
    first, again = ask(Visitor()), ask(Visitor(), email="bo@example.com")

    assert first.content == again.content
    assert Mail.objects.get().to == "bo@example.com"


def test_another_film_another_address_or_another_hour_is_another_mail(film: Video) -> None:
    other = factories.film_on_sale("dusk")
    waiting = []
    for target, email, at in [
        (film, "bo@example.com", NOON),
        (film, "bo@example.com", NOON + timedelta(minutes=59)),
        (film, "bo@example.com", NOON + timedelta(hours=1)),
        (film, "ada@example.com", NOON),
        (other, "bo@example.com", NOON),
    ]:
        checkout_links.send(target, email=email, language="en", at=at)
        waiting.append(Mail.objects.count())

    assert waiting == [1, 1, 2, 3, 4]


def test_a_link_makes_no_order_and_gives_no_right(film: Video) -> None:
    visitor = Visitor()
    ask(visitor)

    assert "sessionid" not in visitor.client.cookies
    assert visitor.post("/api/v1/playback/", {"video": "noon"}).status_code == 404
