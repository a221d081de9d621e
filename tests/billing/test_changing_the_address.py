"""A user takes another address: proved by a code there, with all that is his, told to both."""

import re
from typing import Final

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import mailing, proving, undelivered
from accounts.models import FormerAddress, Mail, SignedIn, SignInCode, Undeliverable, User
from billing.models import Order
from billing.privacy import persons
from tests import office, signing_in
from tests.attacks import Visitor, without_nonces
from tests.saboteurs.rows import fresh
from tests.sandbox_client import World
from tests.signing_in import SIGN_IN, is_signed_in, mailed_code

pytestmark = pytest.mark.django_db

ADDRESS: Final = "/account/address/"
OLD, NEW = "ada@example.com", "ada@example.org"


@pytest.fixture
def browser() -> Visitor:
    """Ada's, signed in."""
    visitor = Visitor()
    signing_in.by_code(visitor, OLD)
    assert is_signed_in(visitor)
    return visitor


def _order(email: str, user: User | None) -> Order:
    order: Order = fresh(Order)
    order.email, order.user = email, user
    order.save()
    return order


def _change(browser: Visitor, to: str = NEW) -> int:
    browser.post_form(ADDRESS, email=to)
    return browser.post_form(ADDRESS, code=mailed_code(to)).status_code


def test_the_code_at_the_new_address_changes_it_and_both_are_told(browser: Visitor, world: World) -> None:
    pk = User.objects.get().pk

    browser.post_form(ADDRESS, email=" Ada@Example.ORG ")
    mailing.send_waiting(at=timezone.now())
    mail = world.sandbox.mail(NEW)[-1]
    screen = browser.get(ADDRESS).content.decode()
    (code,) = re.findall(r"^(\d{4} \d{4})\s*$", mail["text"], re.MULTILINE)
    done = browser.post_form(ADDRESS, code=code)

    assert (done.status_code, done.headers["Location"]) == (302, "/account/?changed=1")
    assert f"on its way to {NEW}" in screen
    assert "/account/enter/" not in mail["text"], "nothing but the code, in the browser that asked"
    assert User.objects.get().email == NEW
    assert User.objects.get().pk == pk
    assert [(each.email, each.verified) for each in EmailAddress.objects.all()] == [(NEW, True)]
    assert "Changed." in browser.get("/account/?changed=1").content.decode()
    mailing.send_waiting(at=timezone.now())
    told = world.sandbox.mail(OLD)[-1]["text"]
    assert "It was not you?" in told
    assert "a…@example.org" in told
    assert NEW not in told
    assert "From now on you sign in" in world.sandbox.mail(NEW)[-1]["text"]


def test_purchases_move_with_the_person(browser: Visitor) -> None:
    """With what waits to be mailed about them, and what a guest bought with the new address."""
    ada = User.objects.get()
    mine, guests, foreign = (
        _order(email, user) for email, user in ((OLD, ada), (NEW, None), ("bo@example.com", None))
    )
    for order in (mine, guests, foreign):
        cause = f"refund:{order.reference}"
        mailing.put(cause=cause, template="refund", to=order.email, language="en", context={})

    _change(browser)

    whose = {order.pk: (order.email, order.user) for order in Order.objects.all()}
    assert whose == {mine.pk: (NEW, ada), guests.pk: (NEW, ada), foreign.pk: ("bo@example.com", None)}
    assert Mail.objects.get(cause=f"refund:{mine.reference}").to == NEW
    assert Mail.objects.get(cause=f"refund:{foreign.reference}").to == "bo@example.com"


def test_sessions_of_others_end_and_this_one_goes_on(browser: Visitor) -> None:
    other = Visitor()
    signing_in.by_code(other, OLD)
    key = browser.client.session.session_key

    _change(browser)

    assert browser.get("/account/").status_code == 200
    assert browser.client.session.session_key != key
    assert other.get("/account/").status_code == 302
    assert SignedIn.objects.get().session_key == browser.client.session.session_key


def test_the_old_address_signs_in_no_more(browser: Visitor) -> None:
    _change(browser)

    stranger = Visitor()
    signing_in.by_code(stranger, OLD)

    assert User.objects.count() == 2
    assert User.objects.get(email=OLD).former_addresses.count() == 0


def test_a_known_address_is_asked_for_like_any_other(browser: Visitor) -> None:
    """The same statements, body and headers; only its mailbox learns more."""
    proving.prove("known@example.com")
    browser.post_form(ADDRESS, email="first@example.com")  # from now on the session names a wish
    bodies, statements, mails = [], [], []
    for email in ("known@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as seen:
            asked = browser.post_form(ADDRESS, email=email)
        statements.append([re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in seen.captured_queries])
        screen = browser.get(ADDRESS)
        bodies.append((asked.status_code, without_nonces(screen).replace(email.encode(), b"-")))
        mails.append(Mail.objects.filter(to=email, template="address-code").count())

    assert bodies[0] == bodies[1]
    assert statements[0] == statements[1]
    assert mails == [1, 1]


def test_who_owns_the_mailbox_of_another_account_is_told_and_nothing_changes(browser: Visitor) -> None:
    proving.prove(NEW)

    browser.post_form(ADDRESS, email=NEW)
    answer = browser.post_form(ADDRESS, code=mailed_code(NEW))

    assert "has an account of its own" in answer.content.decode()
    assert set(User.objects.values_list("email", flat=True)) == {OLD, NEW}
    assert not FormerAddress.objects.exists()
    assert browser.get("/account/").status_code == 200


def test_the_code_is_good_once_and_five_tries(browser: Visitor) -> None:
    browser.post_form(ADDRESS, email=NEW)
    code = mailed_code(NEW)
    wrong = "0000 0000" if code != "0000 0000" else "1111 1111"
    for _ in range(5):
        browser.post_form(ADDRESS, code=wrong)
    assert "not good any more" in browser.post_form(ADDRESS, code=code).content.decode()
    assert User.objects.get().email == OLD

    assert _change(browser) == 302
    assert "not good any more" in browser.post_form(ADDRESS, code=mailed_code(NEW)).content.decode()


def test_a_code_for_an_address_signs_nobody_in_and_one_to_sign_in_changes_nothing(browser: Visitor) -> None:
    browser.post_form(ADDRESS, email=NEW)
    stranger = Visitor()
    signing_in.ask(stranger, "eve@example.com")
    session = stranger.client.session
    session["sign_in"] = signing_in.newest_wish(NEW).nonce
    session.save()
    stranger.post_form(SIGN_IN, code=mailed_code(NEW))
    assert not is_signed_in(stranger)

    session = browser.client.session
    session["new_address"] = signing_in.newest_wish("eve@example.com").nonce
    session.save()
    browser.post_form(ADDRESS, code=mailed_code("eve@example.com"))
    assert User.objects.get().email == OLD


def test_another_user_s_wish_is_not_mine(browser: Visitor) -> None:
    browser.post_form(ADDRESS, email=NEW)
    bo = Visitor()
    signing_in.by_code(bo, "bo@example.com")
    session = bo.client.session
    session["new_address"] = signing_in.newest_wish(NEW).nonce
    session.save()

    bo.post_form(ADDRESS, code=mailed_code(NEW))

    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.usefixtures("one_hour")
def test_five_mails_an_hour_to_whatever_addresses(browser: Visitor) -> None:
    for number in range(7):
        browser.post_form(ADDRESS, email=f"{number}@example.org")

    assert Mail.objects.filter(template="address-code").count() == 5
    assert SignInCode.objects.filter(turn=None).count() == 2


def test_the_address_that_one_has_changes_nothing(browser: Visitor) -> None:
    assert _change(browser, OLD) == 302

    assert not Mail.objects.filter(template="address-changed").exists()
    assert browser.get("/account/").status_code == 200


def test_a_guest_is_sent_to_sign_in_and_staff_to_the_second_step(cho: User) -> None:
    client = office.signed_in(cho)
    assert client.get(ADDRESS).status_code == 200
    client.logout()
    client.force_login(cho)

    assert client.get(ADDRESS).headers["Location"].startswith("/account/second-step/")
    assert Visitor().get(ADDRESS).headers["Location"].startswith(SIGN_IN)


def test_an_address_that_mail_does_not_reach_is_told_in_the_account(browser: Visitor) -> None:
    undelivered.note(OLD, told=Undeliverable.Told.REPORTED, code="5.1.1", at=timezone.now())

    assert "Mail to this address comes back" in browser.get("/account/").content.decode()


def test_the_mails_to_the_address_before_are_still_his(browser: Visitor) -> None:
    _change(browser)

    assert persons.of_user(User.objects.get()).addresses == {OLD, NEW}
