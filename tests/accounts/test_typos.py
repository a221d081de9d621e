"""A mistyped domain is noticed, and what may be somebody's real address is left alone."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts import typos
from accounts.typos import distance
from tests import signing_in
from tests.attacks import Visitor
from tests.signing_in import SIGN_IN


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmail.co.kr", "gmail.com"),
        ("GNAIL.com", "gmail.com"),
        ("navr.com", "naver.com"),
        ("naver.net", "naver.com"),
        ("hanmail.com", "hanmail.net"),
        ("daum.com", "daum.net"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("kakoa.com", "kakao.com"),
    ],
)
def test_a_slip_is_noticed(typed: str, meant: str) -> None:
    assert typos.suggest(f"Ada.L@{typed}") == f"ada.l@{meant}"


@pytest.mark.parametrize(
    "domain",
    [
        *("gmail.com", "naver.com", "mail.com", "ymail.com", "gmx.net", "live.fr", "yahoo.fr", "me.com"),
        *("example.com", "company.com", "web.com", "korea.ac.kr", "kaist.ac.kr", "samsung.com"),
    ],
)
def test_a_real_one_is_left_alone(domain: str) -> None:
    assert typos.suggest(f"ada@{domain}") == ""


@pytest.mark.parametrize("typed", ["", "@", "ada", "ada@", "@gmial.com"])
def test_what_is_no_address_gets_no_suggestion(typed: str) -> None:
    assert typos.suggest(typed) == ""


def test_the_slips_are_counted() -> None:
    assert [distance("gmail", each) for each in ("gmail", "gmial", "gmai", "gmaiil", "gnail", "gnial")] == [
        *(0, 1, 1, 1, 1, 2)
    ]


@pytest.mark.django_db
def test_signing_in_suggests_and_never_blocks() -> None:
    visitor = Visitor()
    signing_in.ask(visitor, "ada@gmial.com")

    screen = visitor.get(SIGN_IN).content.decode()
    signing_in.by_code(visitor, "ada@gmail.com")

    assert "Did you mean ada@gmail.com?" in screen
    assert "on its way to ada@gmial.com" in screen
    assert signing_in.is_signed_in(visitor)


@pytest.mark.django_db
def test_the_page_asks_before_anybody_pays(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    guest = Visitor()
    assert guest.csrf_token

    with django_assert_num_queries(0):
        meant = guest.post("/ko/api/v1/address-hints/", {"email": "ada@gmial.com"})
        fine = guest.post("/api/v1/address-hints/", {"email": "ada@example.com"})
        odd = guest.post("/api/v1/address-hints/", {"email": "nobody"})

    assert meant.json() == {"meant": "ada@gmail.com", "sentence": "ada@gmail.com 아닌가요?"}
    assert fine.json() == odd.json() == {"meant": "", "sentence": ""}
    assert guest.post("/api/v1/address-hints/", {"email": "ada@gmial.com"}, csrf=False).status_code == 403
    assert guest.post("/api/v1/address-hints/", {}).status_code == 400
