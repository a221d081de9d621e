"""Signing in with Google, Kakao and Naver: there and back, what is refused, linked and unlinked."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from pytest_django import Settings

from accounts import ways_in
from accounts.models import Mail, User
from accounts.social import linking
from config import csp
from tests import elsewhere, signing_in
from tests.attacks import Visitor
from tests.elsewhere import PROVIDERS
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db
ADA = "ada@example.com"
MINE = "/account/with/"


@pytest.mark.parametrize("provider", ["google", "kakao"])
def test_a_verified_address_signs_in_and_leads_back(world: World, provider: str) -> None:
    browser = Visitor()

    page = elsewhere.go(browser, provider, next="/videos/noon/?offer=own")
    got = elsewhere.arrive(browser, elsewhere.answer(page, email="Ada@Example.com"))

    assert (got.status_code, got.headers["Location"]) == (302, "/videos/noon/?offer=own")
    assert browser.client.session["_auth_user_id"] == str(User.objects.get(email=ADA).pk)
    assert SocialAccount.objects.get().extra_data == {}
    assert not SocialToken.objects.exists()
    assert Mail.objects.get().template == "way-in"


def test_the_language_stays(world: World) -> None:
    browser = Visitor()
    answer = browser.post_form("/ko/account/with/naver/")

    got = elsewhere.arrive(browser, elsewhere.answer(answer.headers["Location"], answer="deny"))

    assert got.headers["Location"] == "/ko/account/sign-in/?told=denied&by=naver"
    assert "네이버" in browser.get(got.headers["Location"]).content.decode()


def test_naver_asks_for_the_code_once(world: World) -> None:
    browser, later = Visitor(), Visitor()

    got = elsewhere.sign_in(browser, "naver", "ada", ADA)
    assert got.headers["Location"] == "/account/sign-in/"
    assert 'data-testid="waits-for"' in browser.get("/account/sign-in/").content.decode()
    browser.post_form(signing_in.SIGN_IN, email=ADA)  # and once more, since no mail came
    browser.post_form(signing_in.SIGN_IN, code=signing_in.mailed_code(ADA))
    elsewhere.sign_in(later, "naver", "ada", "other@example.com")

    assert signing_in.is_signed_in(browser) and signing_in.is_signed_in(later)
    assert User.objects.get().email == ADA


@pytest.mark.parametrize("provider", PROVIDERS)
def test_without_an_address_nothing_is_guessed(world: World, provider: str) -> None:
    browser = Visitor()

    got = elsewhere.sign_in(browser, provider, "ada")

    assert elsewhere.told(got) == {"told": "nowhere", "by": provider}
    assert not User.objects.exists()


def test_answers_that_are_not_ours_sign_nobody_in(world: World, subtests: pytest.Subtests) -> None:
    browser, thief = Visitor(), Visitor()
    back = elsewhere.answer(elsewhere.go(thief, "google"), "eve", email="eve@example.com")
    page = elsewhere.go(browser, "google")
    good = elsewhere.answer(page, email=ADA)
    state = parse_qs(urlsplit(page).query)["state"][0]
    attacks = {
        "another browser's state": back,
        "no state": "/account/with/google/back/?code=1",
        "a made-up state": "/account/with/google/back/?code=1&state=made-up",
        "of another provider": good.replace("/google/", "/kakao/"),
    }

    for what, address in attacks.items():
        with subtests.test(what):
            got = elsewhere.arrive(browser, address)
            assert elsewhere.told(got)["told"] == "failed"
            assert not signing_in.is_signed_in(browser)
    elsewhere.arrive(browser, good)
    assert signing_in.is_signed_in(browser)
    browser.post_form("/account/sign-out/")
    for _again in "ab":
        assert elsewhere.told(elsewhere.arrive(browser, good))["told"] == "failed"
    assert state and User.objects.count() == 1


def test_a_code_with_anothers_state_is_refused_there(world: World) -> None:
    """The code was made for another challenge: what PKCE is for."""
    browser, thief = Visitor(), Visitor()
    code = parse_qs(urlsplit(elsewhere.answer(elsewhere.go(thief, "google"), email=ADA)).query)["code"][0]
    state = parse_qs(urlsplit(elsewhere.go(browser, "google")).query)["state"][0]

    got = elsewhere.arrive(browser, f"/account/with/google/back/?code={code}&state={state}")

    assert elsewhere.told(got)["told"] == "failed"
    assert not signing_in.is_signed_in(browser)


def test_a_provider_that_is_down_is_said(world: World) -> None:
    browser = Visitor()
    world.faults(sign_in={"down": True})

    got = elsewhere.sign_in(browser, "kakao", "ada", ADA)

    assert elsewhere.told(got) == {"told": "failed", "by": "kakao"}
    assert "Kakao could not tell us who you are." in browser.get(got.headers["Location"]).content.decode()


def test_the_sandbox_is_no_kinder_than_they_are(world: World, settings: Settings) -> None:
    client_id, secret = settings.SIGN_IN_WITH["google"]
    page = elsewhere.go(Visitor(), "google")
    code = parse_qs(urlsplit(elsewhere.answer(page, email=ADA)).query)["code"][0]
    redirect_uri = parse_qs(urlsplit(page).query)["redirect_uri"][0]
    given = {"client_id": client_id, "client_secret": secret, "code": code, "redirect_uri": redirect_uri}

    def ask(**changed: str) -> int:
        answer = requests.post(f"{settings.SIGN_IN_API_BASE}/google/token", given | changed, timeout=40)
        return answer.status_code

    assert ask(client_secret="wrong") == 401
    assert ask(grant_type="authorization_code", code_verifier="wrong") == 400
    me = requests.get(f"{settings.SIGN_IN_API_BASE}/google/me", timeout=40)
    assert me.status_code == 401
    stranger = page.replace("%2Fback%2F", "%2Felsewhere%2F")
    at = urlsplit(stranger)
    got = requests.get(
        f"http://127.0.0.1:{at.port}{at.path}?{at.query}", headers={"Host": at.netloc}, timeout=40
    )
    assert got.status_code == 400


def test_without_keys_there_is_no_button(world: World, settings: Settings) -> None:
    settings.SIGN_IN_WITH = {"kakao": settings.SIGN_IN_WITH["kakao"]}
    browser = Visitor()

    page = browser.get("/account/sign-in/")

    assert b"with-kakao" in page.content and b"with-google" not in page.content
    assert browser.post_form("/account/with/google/").status_code == 404
    assert browser.get("/account/with/google/back/").status_code == 404


def test_a_form_may_go_on_to_just_those_that_are_offered(settings: Settings) -> None:
    settings.SIGN_IN_PAGE_BASE = ""
    settings.SIGN_IN_WITH = {"kakao": ("id", "secret")}

    assert csp.extra_sources("accounts:sign_in") == {
        "form-action": ["https://kauth.kakao.com", "https://accounts.kakao.com"]
    }
    assert csp.extra_sources("videos:library").get("form-action") is None


def test_one_links_and_unlinks_in_the_account(world: World, ada: User, bo: User) -> None:
    adas, bos, guest = Visitor(), Visitor(), Visitor()
    adas.client.force_login(ada)
    bos.client.force_login(bo)

    got = elsewhere.arrive(adas, elsewhere.answer(elsewhere.go(adas, "naver", link="1"), "ada"))
    assert elsewhere.told(got) == {"done": "added", "by": "naver"}
    got = elsewhere.arrive(bos, elsewhere.answer(elsewhere.go(bos, "naver", link="1"), "ada"))
    assert elsewhere.told(got) == {"done": "taken", "by": "naver"}
    assert "That account at Naver opens another" in bos.get(got.headers["Location"]).content.decode()
    row = SocialAccount.objects.get()
    bos.post_form(MINE, remove=str(row.pk))
    assert SocialAccount.objects.get().user == ada

    adas.post_form(MINE, remove=str(row.pk))
    elsewhere.sign_in(guest, "naver", "ada")

    assert not signing_in.is_signed_in(guest)
    assert list(Mail.objects.order_by("id").values_list("template", "to", "context__is_added")) == [
        ("way-in", ada.email, "yes"),
        ("way-in", ada.email, ""),
    ]


def test_staff_pass_the_office_s_door_before_they_link(world: World, cho: User) -> None:
    chos = Visitor()
    chos.client.force_login(cho)

    for answer in (chos.get(MINE), chos.post_form("/account/with/google/", link="1")):
        assert answer.headers["Location"].startswith("/account/second-step/")


def test_a_closed_account_stays_closed(world: World, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    browser = Visitor()

    got = elsewhere.sign_in(browser, "google", "ada", ada.email)

    assert elsewhere.told(got)["told"] == "closed"
    assert not signing_in.is_signed_in(browser)
    assert not SocialAccount.objects.exists()


def test_ten_are_enough(ada: User) -> None:
    for number in range(ways_in.MOST):
        assert linking.link(ada, "google", str(number), language="en")

    with pytest.raises(ways_in.TooMany):
        linking.link(ada, "google", "one more", language="en")

    assert SocialAccount.objects.count() == Mail.objects.count() == ways_in.MOST
    adas = Visitor()
    adas.client.force_login(ada)
    page = adas.get(MINE).content.decode()
    assert "as many as one can have" in page and "with-google" not in page
