"""Where somebody is signed in: listed to him, ended by him, and over at once."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import signed_in
from accounts.models import SignedIn, User
from tests import signing_in
from tests.attacks import Visitor
from tests.statements import counted

pytestmark = pytest.mark.django_db

ADA, ACCOUNT = "ada@example.com", "/account/"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
)
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"
KAKAO = "Mozilla/5.0 (Linux; Android 14; SM-S911N) Chrome/126.0 Mobile Safari/537.36 KAKAOTALK 10.8.0"
EDGE = f"{LAPTOP} Edg/126.0.0.0"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"


def _browser(user_agent: str = LAPTOP, *, email: str = ADA) -> Visitor:
    visitor = Visitor()
    visitor.client.defaults["HTTP_USER_AGENT"] = user_agent
    signing_in.by_code(visitor, email)
    assert signing_in.is_signed_in(visitor)
    return visitor


def _is_in(visitor: Visitor) -> bool:
    return visitor.get(ACCOUNT).status_code == 200


@pytest.mark.parametrize(
    "user_agent, name",
    [
        (PHONE, "Safari · iPhone"),
        (LAPTOP, "Chrome · Windows"),
        (KAKAO, "KakaoTalk · Android"),
        (EDGE, "Edge · Windows"),
        (FIREFOX, "Firefox · Linux"),
        ("curl/8.5.0", ""),
        ("<script>" * 900, ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_its_owner_calls_it(user_agent: str, name: str) -> None:
    assert signed_in.device_name(user_agent) == name


def test_the_account_lists_every_browser_and_knows_this_one() -> None:
    laptop, phone = _browser(LAPTOP), _browser(PHONE)

    page = laptop.get(ACCOUNT).content.decode()

    assert page.count('name="end"') == 3, "each, and all others"
    assert "Safari · iPhone" in page
    assert page.index("This browser") > page.index("Chrome · Windows")
    keys = set(SignedIn.objects.values_list("session_key", flat=True))
    assert keys == {each.client.session.session_key for each in (laptop, phone)}
    assert not any(key in page for key in keys)


def test_one_browser_is_ended_at_once() -> None:
    laptop, phone = _browser(LAPTOP), _browser(PHONE)
    row = SignedIn.objects.get(device="Safari · iPhone")

    answer = laptop.post_form(ACCOUNT, end=row.reference)

    assert answer.status_code == 302
    assert "Ended." in laptop.get(answer.headers["Location"]).content.decode()
    assert _is_in(laptop)
    assert not _is_in(phone)
    assert SignedIn.objects.count() == 1


def test_all_others_are_ended_and_nobody_else_s() -> None:
    laptop, others, bo = _browser(), [_browser(PHONE), _browser(KAKAO)], _browser(email="bo@example.com")

    laptop.post_form(ACCOUNT, end="others")

    assert _is_in(laptop)
    assert _is_in(bo)
    assert not any(_is_in(each) for each in others)


def test_ending_this_one_signs_out() -> None:
    laptop = _browser()

    answer = laptop.post_form(ACCOUNT, end=SignedIn.objects.get().reference)

    assert answer.headers["Location"] == "/"
    assert not _is_in(laptop)


@pytest.mark.parametrize("end", ["", "x", "0" * 32, "\u0000", "others " * 99])
def test_what_is_no_browser_of_one_s_ends_nothing(end: str) -> None:
    ada, bo = _browser(), _browser(email="bo@example.com")

    assert bo.post_form(ACCOUNT, end=end).status_code == 302
    bo.post_form(ACCOUNT, end=SignedIn.objects.get(user__email=ADA).reference)

    assert _is_in(ada)
    assert _is_in(bo)


def test_who_is_not_signed_in_is_led_to_the_door_and_back() -> None:
    answer = Visitor().get(ACCOUNT)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/account/sign-in/?next={ACCOUNT}")


def test_sessions_that_ran_out_or_were_left_are_not_listed() -> None:
    laptop, left = _browser(LAPTOP), _browser(PHONE)
    left.post_form("/account/sign-out/")
    old = _browser(KAKAO)
    Session.objects.filter(session_key=old.client.session.session_key).update(
        expire_date=timezone.now() - timedelta(days=1)
    )

    page = laptop.get(ACCOUNT).content.decode()
    assert "iPhone" not in page
    assert "KakaoTalk" not in page
    _browser(FIREFOX)
    assert sorted(SignedIn.objects.values_list("device", flat=True)) == [
        "Chrome · Windows",
        "Firefox · Linux",
    ]


def test_the_list_costs_the_same_however_long_it_is(ada: User) -> None:
    laptop, counts = _browser(), []
    for size in (2, 30):
        for number in range(size):
            key = f"k{size}-{number}"
            Session.objects.create(
                session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=1)
            )
            SignedIn.objects.create(user=ada, session_key=key, device="Mac", signed_in_at=timezone.now())
        with counted() as sql:
            page = laptop.get(ACCOUNT).content.decode()
        counts.append(len(sql))

    assert page.count("This browser") == 1
    assert counts[0] == counts[1] <= 4
