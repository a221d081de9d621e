"""What is not there, not public or not a page's own form: a page with words, and nothing has changed."""

from functools import partial
from pathlib import Path
from typing import Final

import pytest
from pytest_django import Settings

from accounts.models import User
from tests import factories, signing_in, statements
from tests.attacks import MEGABYTE, Visitor, assert_refused, without_nonces
from videos.models import Collection

pytestmark = pytest.mark.django_db

SIGN_IN: Final = "/account/sign-in/"


@pytest.fixture
def visitor() -> Visitor:
    """At the door of a shop with a film and a course, and with one of each that is not public."""
    film = factories.film_on_sale("noon")
    hidden = factories.film_on_sale("hidden")
    hidden.is_published = False
    hidden.save()
    factories.offer(factories.collection(film, slug="course"))
    factories.collection(film, slug="hidden-course")
    Collection.objects.filter(slug="hidden-course").update(is_published=False)
    return Visitor()


def test_what_is_not_public_is_not_there(visitor: Visitor, subtests: pytest.Subtests) -> None:
    odd = ["nowhere", "hidden", "hidden-course", "a%00b", "%ff", "%2e%2e%2fnoon", "가", "x" * 3000, "noon'--"]
    pages = [f"/{kind}/{slug}/" for kind in ("videos", "collections") for slug in odd]
    tills = [f"/checkout{page}panel/" for page in pages]
    others = [
        "/checkout/people/noon/",
        "/nowhere/",
        "/ko/nowhere/",
        "/api/v1/nowhere/",
        "/callbacks/",
        "/%ff",
    ]
    languages = ["/xx/", "/ko/videos/nowhere/", "/checkout/videos/hidden/"]
    paths = [*pages, *tills, *others, *languages, "/%ff", "/videos/noon/?a=%00"]

    assert_refused(
        subtests,
        {path[:60]: partial(visitor.get, path, follow=True) for path in paths},
        honest=partial(visitor.get, "/videos/noon/"),
    )


def test_the_secret_film_is_as_absent_as_none(visitor: Visitor) -> None:
    factories.video("a-secret", is_published=False)

    for path in ("/videos/{}/", "/checkout/videos/{}/", "/checkout/videos/{}/panel/"):
        hidden, nothing = visitor.get(path.format("a-secret")), visitor.get(path.format("nothing1"))

        assert hidden.status_code == nothing.status_code == 404
        assert without_nonces(hidden).replace(b"a-secret", b"nothing1") == without_nonces(nothing)


def test_what_scanners_ask_for_is_answered_from_one_page(
    visitor: Visitor, ada: User, settings: Settings
) -> None:
    first, (second, sql) = visitor.get("/wp-login.php"), statements.of(lambda: visitor.get("/.env"))
    korean = visitor.get("/ko/nowhere/").content.decode()

    assert first.status_code == second.status_code == 404
    assert first.content == second.content
    assert sql == []
    assert "Cookie" in second.headers["Vary"]
    assert '<html lang="ko">' in korean
    assert '<a href="/ja/" lang="ja"' in korean
    settings.SUPPORT_EMAIL = "somebody.else@example.com"
    assert settings.SUPPORT_EMAIL in visitor.get("/.env").content.decode()
    visitor.client.force_login(ada)
    assert "Sign out" in visitor.get("/.env").content.decode()
    assert "Sign out" not in Visitor().get("/.env").content.decode()


def test_pages_are_only_read(visitor: Visitor, subtests: pytest.Subtests) -> None:
    paths = [
        "/",
        "/library/",
        "/videos/noon/",
        "/collections/course/",
        "/checkout/videos/noon/",
        "/checkout/videos/noon/panel/",
        "/checkout/return/",
        f"/orders/{'0' * 32}/",
        "/healthz",
    ]
    token = {"X-CSRFToken": visitor.csrf_token}
    ask = partial(visitor.client.generic, headers=token)
    wrong = {
        f"{method} {path}": partial(ask, method, path) for path in paths for method in ("POST", "DELETE")
    }

    assert_refused(
        subtests, wrong, honest=partial(visitor.get, "/checkout/videos/noon/panel/"), expected={405}
    )


def test_the_office_is_closed_to_who_is_no_staff(
    visitor: Visitor, bo: User, subtests: pytest.Subtests
) -> None:
    visitor.client.force_login(bo)

    for path in (
        "/admin/",
        "/admin/billing/order/",
        "/admin/videos/video/1/change/",
        "/admin/accounts/mail/",
    ):
        with subtests.test(path):
            answer = visitor.get(path)
            assert answer.status_code == 302
            assert "/admin/login/" in answer.headers["Location"]


def test_a_form_takes_its_own_page_s_posts_only(
    visitor: Visitor, ada: User, subtests: pytest.Subtests
) -> None:
    post = partial(visitor.client.generic, "POST", SIGN_IN, content_type="application/x-www-form-urlencoded")
    fields = f"csrfmiddlewaretoken={visitor.csrf_token}&email=".encode()
    good = fields + ada.email.encode()
    stranger = {"Origin": "https://evil.example"}

    assert_refused(
        subtests,
        {
            "no token": partial(post, f"email={ada.email}"),
            "a foreign token": partial(post, good.replace(visitor.csrf_token.encode(), b"x" * 64)),
            "from another site": partial(post, good, headers=stranger),
            "a megabyte": partial(post, fields + b"x" * MEGABYTE),
            "many fields": partial(post, good + b"&a=b" * 2000),
            "broken multipart": partial(post, b"--x", content_type="multipart/form-data; boundary=\xff"),
            "of an odd charset": partial(
                post, good, content_type="application/x-www-form-urlencoded; charset=zlib"
            ),
            "a session with NUL": partial(post, good, headers={"Cookie": 'sessionid="a\\000bcdefgh"'}),
            "signing out without a token": partial(visitor.client.generic, "POST", "/account/sign-out/"),
        },
        honest=partial(post, good),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "ada@example.com\0"},
        {"email": "no address"},
        {"email": "a" * 5000 + "@example.com"},
        {"email": ""},
        {"code": ""},
        {"code": "12345678"},
        {"code": "\0"},
        {"code": "1" * 5000},
    ],
)
def test_who_cannot_sign_in_is_told_so_on_the_form(
    visitor: Visitor, ada: User, fields: dict[str, str]
) -> None:
    answer = visitor.post_form(SIGN_IN, **fields)

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert "sessionid" not in visitor.client.cookies
    assert signing_in.by_code(visitor, ada.email.upper()).status_code == 302


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
        "/" + "x" * 300,
        "/a\0b",
    ],
)
def test_signing_in_leads_nowhere_else(visitor: Visitor, ada: User, to: str) -> None:
    signing_in.ask(visitor, ada.email, next=to)

    answer = visitor.post_form(f"{SIGN_IN}?next={to}", code=signing_in.mailed_code(ada.email), next=to)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/library/")


def test_only_posters_are_served_and_only_from_their_folder(
    visitor: Visitor, settings: Settings, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "noon.png").write_bytes(b"a picture")
    (settings.MEDIA_ROOT / "notes.txt").write_text("a note")
    (tmp_path / "secret.png").write_bytes(b"a secret")
    paths = [
        "../secret.png",
        "%2e%2e/secret.png",
        "%2e%2e%2fsecret.png",
        "..%5csecret.png",
        "a/../../secret.png",
        f"/{tmp_path}/secret.png",
        "//etc/passwd",
        "notes.txt",
        "noon.png/",
        "",
        ".",
        "noon.png%00",
        "%00.png",
        "x" * 300 + ".png",
        "%ff.png",
    ]

    assert_refused(
        subtests,
        {path[:60]: partial(visitor.get, f"/media/{path}") for path in paths},
        honest=lambda: visitor.get("/media/noon.png"),
    )
