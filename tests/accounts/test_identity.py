"""Who is watching: a user, a browser with passes, or both; and a purchase never signs anyone in."""

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from accounts.identity import Viewer, give_pass
from accounts.models import Mail, Pass, User, normalize_email
from tests import factories, signing_in
from tests.attacks import Visitor
from tests.buyer import EMAIL
from tests.sandbox_client import World
from tests.signing_in import is_signed_in
from videos.models import Entitlement

pytestmark = pytest.mark.django_db


def test_a_viewer_is_a_user_a_browser_both_or_nobody() -> None:
    assert Viewer().is_nobody
    assert not Viewer(user_id=1).is_nobody
    assert not Viewer(visitor="v").is_nobody


def test_a_pass_is_given_once_and_is_one_browser_s() -> None:
    give_pass(visitor="v", reference="a-purchase")
    give_pass(visitor="v", reference="a-purchase")
    give_pass(visitor="w", reference="another")

    assert Pass.objects.count() == 2
    assert list(Viewer(visitor="v").references()) == ["a-purchase"]
    assert list(Viewer(user_id=1).references()) == []


def test_a_browser_gets_its_name_at_the_till_and_keeps_it() -> None:
    factories.film_on_sale("noon")
    visitor = Visitor()
    visitor.get("/videos/noon/")
    assert "visitor" not in visitor.client.session

    visitor.get("/checkout/videos/noon/panel/")
    name = visitor.client.session["visitor"]
    visitor.get("/checkout/videos/noon/panel/")

    assert visitor.client.session["visitor"] == name
    assert len(name) == 32
    assert Session.objects.count() == 1


def test_a_purchase_signs_nobody_in(world: World, ada: User) -> None:
    """Not even by the address of who has an account: nothing of hers opens."""
    films = [factories.film_on_sale(slug) for slug in ("noon", "dusk")]
    factories.gift(films[1], ada)
    guest = Visitor(world)

    answer = guest.pay(guest.quote("noon"), email=ada.email).json()

    assert answer["state"] == "paid"
    assert not is_signed_in(guest)
    assert Entitlement.objects.get(reason="purchase").user is None
    assert guest.post("/api/v1/playback/", {"video": "noon"}).status_code == 200
    assert guest.post("/api/v1/playback/", {"video": "dusk"}).status_code == 404


def test_one_answer_for_every_address(world: World, ada: User) -> None:
    """Known or new, with or without the film: the till says the same."""
    film = factories.film_on_sale("noon")
    factories.gift(film, ada)
    answers = []
    for email in (ada.email, "nobody@example.com"):
        guest = Visitor(world)
        answers.append(guest.pay(guest.quote("noon"), email=email).json())

    assert answers[0]["state"] == answers[1]["state"] == "paid"
    assert answers[0]["sentence"] == answers[1]["sentence"]


def test_what_was_bought_as_a_guest_is_there_after_signing_in(world: World, ada: User) -> None:
    films = [factories.film_on_sale(slug) for slug in ("noon", "dusk")]
    factories.gift(films[1], ada)
    visitor = Visitor(world)
    visitor.pay(visitor.quote("noon"))

    signing_in.by_code(visitor, ada.email)

    assert is_signed_in(visitor)
    for slug in ("noon", "dusk"):
        assert visitor.post("/api/v1/playback/", {"video": slug}).status_code == 200
    other = Visitor()
    other.client.force_login(ada)
    assert other.post("/api/v1/playback/", {"video": "noon"}).status_code == 404


def test_what_is_bought_signed_in_is_the_user_s_everywhere(world: World, ada: User) -> None:
    factories.film_on_sale("noon")
    here, there = Visitor(world), Visitor()
    here.client.force_login(ada)
    here.pay(here.quote("noon"))

    there.client.force_login(ada)

    assert there.post("/api/v1/playback/", {"video": "noon"}).status_code == 200
    assert "noon" in there.get("/library/").content.decode()


def test_a_library_is_one_browser_s(world: World) -> None:
    film = factories.film_on_sale("noon")
    guest, other = Visitor(world), Visitor(world)
    guest.pay(guest.quote("noon"))

    assert film.get_absolute_url() in guest.get("/library/").content.decode()
    assert "Yours to keep" in guest.get("/library/").content.decode()
    assert "Yours to keep" not in other.get("/library/").content.decode()


@pytest.mark.parametrize("spelling", ["Ada@Example.com", " ada@example.com ", "ADA@EXAMPLE.COM"])
def test_an_address_has_one_spelling(world: World, ada: User, spelling: str) -> None:
    assert normalize_email(spelling) == "ada@example.com"
    assert User.objects.get_by_natural_key(spelling) == ada
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(spelling)


def test_a_password_signs_nobody_in() -> None:
    User.objects.create_user("eve@example.com", "a password of old days")
    visitor = Visitor()

    for path in ("/account/sign-in/", "/admin/login/"):
        visitor.post_form(path, username="eve@example.com", password="a password of old days")

    assert not is_signed_in(visitor)


def test_signing_out_takes_the_session_with_it(ada: User) -> None:
    factories.gift(factories.video("noon"), ada)
    visitor = Visitor()
    visitor.client.force_login(ada)
    assert visitor.post("/api/v1/playback/", {"video": "noon"}).status_code == 200

    visitor.post_form("/account/sign-out/")

    assert visitor.post("/api/v1/playback/", {"video": "noon"}).status_code == 404


def test_the_receipt_goes_to_the_guest_s_own_address(world: World) -> None:
    factories.film_on_sale("noon")
    guest = Visitor(world)

    guest.pay(guest.quote("noon"), email=EMAIL.upper())

    assert Mail.objects.get().to == EMAIL
