"""Signing in by a mailed code: one screen, one answer for every address, nothing to guess, nothing kept."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts import mailing, proving, sign_in_codes
from accounts.models import Mail, SignInCode, User
from accounts.tasks import forget_sign_ins
from tests import factories, signing_in
from tests.attacks import Answer, Visitor, without_nonces
from tests.sandbox_client import World
from tests.signing_in import SIGN_IN, is_signed_in

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_the_code_of_the_mail_signs_in(world: World, ada: User) -> None:
    visitor, to = Visitor(), f"ada-{secrets.token_hex(4)}@example.com"

    asked = signing_in.ask(visitor, to)
    assert Mail.objects.get().sent_at is None, "it goes out after the answer"
    mailing.send_waiting(at=timezone.now())
    mail = world.sandbox.mail(to)[0]
    (code,) = re.findall(r"^(\d{4} \d{4})\s*$", mail["text"], re.MULTILINE)
    screen = visitor.get(asked.headers["Location"]).content.decode()
    answer = visitor.post_form(SIGN_IN, code=code)

    assert f"on its way to {to}" in screen
    assert 'autocomplete="one-time-code"' in screen
    assert code in mail["html"]
    assert code not in mail["subject"]
    assert (answer.status_code, answer.headers["Location"]) == (302, "/library/")
    user = User.objects.get(email=to)
    assert is_signed_in(visitor)
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified


@pytest.mark.parametrize("door, fields", [(SIGN_IN, {}), ("/orders/", {"on": "2026-07-01"})])
def test_known_and_unknown_addresses_take_one_way(ada: User, door: str, fields: dict[str, str]) -> None:
    """The same statements, the same body, the same headers; nobody looks whether there is such a user, or
    what he bought.
    """
    proving.prove(ada.email)
    bodies, headers, statements = [], [], []
    for email in (ada.email, "eve@example.com"):
        visitor = Visitor()
        visitor.get(SIGN_IN)
        with CaptureQueriesContext(connection) as seen:
            asked = visitor.post_form(door, email=email, **fields)
        screen = visitor.get(asked.headers["Location"])
        statements.append([_shape(query["sql"]) for query in seen.captured_queries])
        bodies.append(without_nonces(screen).replace(email.encode(), b"-"))
        headers.append([_headers(answer) for answer in (asked, screen)])

    assert bodies[0] == bodies[1]
    assert headers[0] == headers[1]
    assert statements[0] == statements[1]
    looked = re.compile("accounts_user|emailaddress|billing_|videos_")
    assert not any(looked.search(sql) for sql in statements[0])


def test_signing_in_takes_no_new_cookie() -> None:
    visitor = Visitor()

    signing_in.by_code(visitor, "ada@example.com")
    visitor.get("/library/")

    assert set(visitor.client.cookies) == {"csrftoken", "sessionid"}


def test_the_session_gets_a_new_name_and_keeps_what_it_holds() -> None:
    factories.film_on_sale("noon")
    visitor = Visitor()
    visitor.get("/checkout/videos/noon/panel/", data={"currency": "krw"})
    before, name = dict(visitor.client.session), visitor.client.session.session_key

    signing_in.by_code(visitor, "ada@example.com")

    after = visitor.client.session
    assert after.session_key != name
    assert not Session.objects.filter(session_key=name).exists()
    assert (after["visitor"], after["currency"]) == (before["visitor"], "krw")
    assert "sign_in" not in after


@pytest.mark.parametrize("spelling", ["{0}{1}", "{0}-{1}", " {0} {1}\n", "{0}.{1}", "code: {0}\u00a0{1}"])
def test_a_code_is_read_however_it_is_pasted(spelling: str) -> None:
    visitor = Visitor()
    signing_in.ask(visitor, "ada@example.com")
    code = signing_in.mailed_code("ada@example.com")
    wide = code.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})

    visitor.post_form(SIGN_IN, code=spelling.format(*wide.split()))

    assert is_signed_in(visitor)


def test_the_fifth_wrong_code_is_the_last() -> None:
    visitor = Visitor()
    signing_in.ask(visitor, "ada@example.com")
    code = signing_in.mailed_code("ada@example.com")

    for _ in range(4):
        assert "Look again" in visitor.post_form(SIGN_IN, code=_wrong(code)).content.decode()
    last = visitor.post_form(SIGN_IN, code=_wrong(code)).content.decode()
    visitor.post_form(SIGN_IN, code=code)

    assert "the last try" in last
    assert not is_signed_in(visitor)
    signing_in.by_code(visitor, "ada@example.com")
    assert is_signed_in(visitor)


def test_a_code_is_good_for_ten_minutes_and_once() -> None:
    wish = sign_in_codes.ask(email="ada@example.com", then="", language="en", at=NOON)
    code = sign_in_codes.code_of(wish.nonce)

    assert not sign_in_codes.use_code(wish, code, at=NOON + timedelta(minutes=10))
    assert sign_in_codes.use_code(wish, code, at=NOON + timedelta(minutes=9))
    assert not sign_in_codes.use_code(wish, code, at=NOON + timedelta(minutes=9))


def test_a_code_is_good_in_the_browser_that_asked() -> None:
    asking, other = Visitor(), Visitor()
    signing_in.ask(asking, "ada@example.com")

    answer = other.post_form(SIGN_IN, code=signing_in.mailed_code("ada@example.com"))

    assert "not good any more" in answer.content.decode()
    assert not is_signed_in(other)


@pytest.mark.usefixtures("one_hour")
def test_a_mailbox_gets_five_mails_an_hour_and_a_sixth_wish_looks_the_same() -> None:
    answers = []
    for number in range(6):
        visitor = Visitor()
        signing_in.ask(visitor, f"Ada+{number}@example.com")
        answers.append(without_nonces(visitor.get(SIGN_IN)).replace(b"+%d@" % number, b"+@"))

    assert len(set(answers)) == 1
    assert Mail.objects.count() == 5
    assert SignInCode.objects.get(turn=None).email == "ada+5@example.com"


@pytest.mark.usefixtures("one_hour")
def test_a_wish_without_a_mail_has_no_code() -> None:
    for _ in range(5):
        signing_in.ask(Visitor(), "ada@example.com")
    visitor = Visitor()

    signing_in.by_code(visitor, "ada@example.com")

    assert not is_signed_in(visitor)


@pytest.mark.usefixtures("one_hour")
def test_who_was_kept_out_by_a_stranger_has_a_way_in() -> None:
    """The stranger used up the hour's mails; the link of any of them is good for as long."""
    for _ in range(5):
        signing_in.ask(Visitor(), "ada@example.com")
    link = signing_in.mailed_link("ada@example.com")
    ada = Visitor()
    signing_in.by_code(ada, "ada@example.com")
    assert not is_signed_in(ada)

    looked = ada.get(link)
    assert not is_signed_in(ada), "whoever only looks, as scanners of mail do, signs nobody in"
    assert looked.headers["Referrer-Policy"] == "same-origin"
    ada.post_form(link)

    assert is_signed_in(ada)
    assert Visitor().get(link).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "0" * 32, f"{'0' * 32}.{'A' * 43}", "a.b.c", "%00", "가"])
def test_a_made_up_link_leads_nowhere(token: str) -> None:
    visitor = Visitor()

    assert visitor.get(f"/account/enter/{token}/").status_code in {400, 404}
    assert not is_signed_in(visitor)


def test_a_link_grows_old_within_the_hour() -> None:
    wish = sign_in_codes.ask(email="ada@example.com", then="", language="en", at=NOON)
    token = sign_in_codes.link_token(wish.nonce)

    assert sign_in_codes.find_by_link(token, at=NOON + timedelta(minutes=59)) == wish
    assert sign_in_codes.find_by_link(token, at=NOON + timedelta(minutes=60)) is None
    assert not sign_in_codes.use_link(wish, at=NOON + timedelta(minutes=60))


def test_no_table_holds_a_code_or_a_link(world: World) -> None:
    visitor = Visitor()
    signing_in.ask(visitor, "ada@example.com")
    mailing.send_waiting(at=timezone.now())
    secret = signing_in.mailed_code("ada@example.com")
    token = signing_in.mailed_link("ada@example.com").split("/")[-2].partition(".")[2]

    for model in apps.get_models():
        for row in model._default_manager.all():
            text = repr(row.get_decoded() if isinstance(row, Session) else vars(row))
            assert not any(each in text for each in (secret, secret.replace(" ", ""), token)), model


def test_a_code_outlives_a_change_of_the_secret_key(settings: Settings) -> None:
    wish = sign_in_codes.ask(email="ada@example.com", then="", language="en", at=NOON)
    code, token = sign_in_codes.code_of(wish.nonce), sign_in_codes.link_token(wish.nonce)

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10

    assert sign_in_codes.find_by_link(token, at=NOON) == wish
    assert sign_in_codes.use_code(wish, code, at=NOON)


def test_the_first_proof_ends_what_others_began(ada: User) -> None:
    stranger, visitor = Visitor(), Visitor()
    stranger.client.force_login(ada)
    assert stranger.get(SIGN_IN).status_code == 302

    signing_in.by_code(visitor, ada.email)
    another = Visitor()
    signing_in.by_code(another, ada.email)

    assert stranger.get(SIGN_IN).status_code == 200, "he is signed out"
    assert visitor.get(SIGN_IN).status_code == another.get(SIGN_IN).status_code == 302


def test_a_closed_account_stays_closed(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    visitor = Visitor()

    answer = signing_in.by_code(visitor, ada.email)

    assert "This account is closed." in answer.content.decode()
    assert not is_signed_in(visitor)


def test_signing_in_leads_back_to_where_one_was() -> None:
    visitor = Visitor()

    answer = signing_in.by_code(visitor, "ada@example.com", next="/ko/videos/noon/")

    assert answer.headers["Location"] == "/ko/videos/noon/"


def test_another_address_can_be_given() -> None:
    visitor = Visitor()
    signing_in.ask(visitor, "ada@exmaple.com")

    assert "Mail me a code" not in visitor.get(SIGN_IN).content.decode()
    assert "Mail me a code" in visitor.get(f"{SIGN_IN}?again=1").content.decode()


def test_a_day_later_nobody_knows_who_asked() -> None:
    now = timezone.now()
    for days, email in ((2, "ada@example.com"), (0, "bo@example.com")):
        sign_in_codes.ask(email=email, then="", language="en", at=now - timedelta(days=days))

    assert forget_sign_ins() == 1

    assert SignInCode.objects.get().email == Mail.objects.get().to == "bo@example.com"


def test_the_sign_in_page_is_one_screen_in_korean_too() -> None:
    visitor = Visitor()
    visitor.post_form("/ko/account/sign-in/", email="ada@example.com")

    assert "메일로 받은 코드" in visitor.get("/ko/account/sign-in/").content.decode()


def _wrong(code: str) -> str:
    return f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"


def _shape(sql: str) -> str:
    """A statement without its values."""
    return re.sub(r"'[^']*'|\b[0-9]+\b|\"s[0-9_x]+\"|s\d+_x\d+", "-", sql)


def _headers(answer: Answer) -> list[tuple[str, str]]:
    return sorted((name, re.sub(r"'nonce-[^']*'|\d+", "-", value)) for name, value in answer.headers.items())
