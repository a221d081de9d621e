"""Withdrawing without signing in, over real HTTP: one answer for all, a link for whom it may concern."""

import re
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from accounts.models import Mail
from billing import tasks
from billing.models import Order, Refund, Withdrawal
from billing.withdrawing import withdrawals
from tests import factories
from tests.attacks import Visitor
from tests.buyer import EMAIL, Buyer
from tests.concurrency.racing import all_at_once
from tests.conftest import Shop
from tests.statements import counted
from videos.models import PlaybackSession

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reference(shop: Shop) -> str:
    """Of Ada's order, of a film of two hours."""
    film = factories.film_on_sale("noon")
    film.duration_seconds = 7200
    film.save()
    return str(Buyer(shop.url, shop.world).buy("noon")["order"])


@pytest.fixture
def bo(shop: Shop) -> Buyer:
    """Another browser, with no session at all."""
    return Buyer(shop.url, shop.world)


def _ask(bo: Buyer, reference: str, email: str = EMAIL, *, path: str = "/withdraw/") -> requests.Response:
    answer = _press(bo, bo.url + path, reference=reference, email=email)
    tasks.answer_withdrawals()
    return answer


def _press(bo: Buyer, address: str, **fields: str) -> requests.Response:
    page = bo.http.get(address, timeout=20)
    token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[-1]
    data = {"csrfmiddlewaretoken": token, **fields}
    return bo.http.post(address, data=data, headers={"Referer": address}, timeout=20)


def _link() -> str:
    return str(Mail.objects.filter(template="withdrawal-link").latest("id").context["link"])


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_link_by_mail_shows_what_goes_back_and_its_button_withdraws(bo: Buyer, reference: str) -> None:
    assert "a mail is on its way" in _ask(bo, f" {reference.upper()} ", f" {EMAIL.title()}").text
    page = bo.http.get(_link(), timeout=20)
    assert "You get $7.90 back, all that you paid." in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert not Refund.objects.exists()

    done = _press(bo, _link(), shown="790")

    confirmed = Mail.objects.get(template="withdrawal")
    assert "Your withdrawal is received" in done.text
    assert Order.objects.get().is_refunded
    assert Refund.objects.get().state == "succeeded"
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d \(Asia/Seoul\)", confirmed.context["received_at"])
    assert (confirmed.to, Mail.objects.filter(template="refund").count()) == (EMAIL, 1)


def test_everybody_hears_the_same_for_the_same_work(reference: str) -> None:
    answers, works = set(), set()
    for email, number in ((EMAIL, reference), ("bo@example.com", reference), (EMAIL, "0" * 32)):
        visitor = Visitor()
        assert visitor.csrf_token
        with counted() as sql:
            answer = visitor.post_form("/withdraw/", reference=number, email=email)
        answers.add(_main(answer.content.decode()))
        works.add(tuple(each.split(" ", 3)[0] for each in sql))

    assert len(answers) == len(works) == 1


def test_a_stranger_s_wish_mails_nothing_and_leaves_no_row(bo: Buyer, reference: str) -> None:
    for number, email in ((reference, "bo@example.com"), ("0" * 32, EMAIL), ("<b>", EMAIL)):
        _ask(bo, number, email)

    assert not Withdrawal.objects.exists()
    assert not Mail.objects.filter(template__startswith="withdrawal").exists()


def test_an_order_that_was_not_paid_is_none(bo: Buyer, reference: str) -> None:
    Order.objects.update(email="cho@example.com")
    open_order = Buyer(bo.url, bo.world)
    factories.film_on_sale("dusk")
    asked = open_order.buy("dusk", card="4000002760003184")

    _ask(bo, asked["order"])

    assert not Withdrawal.objects.exists()


@pytest.mark.usefixtures("one_window")
def test_asked_again_it_is_one_mail_and_five_a_day_are_enough(bo: Buyer, reference: str) -> None:
    for _ in range(3):
        _ask(bo, reference)
    assert Mail.objects.filter(template="withdrawal-link").count() == 1

    for minutes in range(20, 200, 20):
        at = timezone.now() + timedelta(minutes=minutes)
        withdrawals.ask(reference=reference, email=EMAIL, language="en", at=at)
        withdrawals.answer_waiting(at=at)

    assert Mail.objects.filter(template="withdrawal-link").count() == 5


def test_pressed_ten_times_at_once_it_is_one_withdrawal(bo: Buyer, reference: str) -> None:
    _ask(bo, reference)
    tabs = [Buyer(bo.url, bo.world) for _ in range(10)]
    link = _link()

    answers = all_at_once(*[lambda tab=tab: _press(tab, link, shown="790") for tab in tabs])

    assert {answer.status_code for answer in answers} == {200}
    assert Refund.objects.count() == Mail.objects.filter(template="withdrawal").count() == 1


def test_a_link_that_is_old_or_made_up_changes_nothing(bo: Buyer, reference: str) -> None:
    _ask(bo, reference)
    Withdrawal.objects.update(expires_at=timezone.now())

    for link in (_link(), f"{bo.url}/withdraw/made-up/"):
        page = bo.http.get(link, timeout=20)
        assert page.status_code == 404
        assert "This link is not good any more" in page.text
    assert not Refund.objects.exists()


def test_what_was_not_shown_is_not_given_and_the_link_stays_good(bo: Buyer, reference: str) -> None:
    _ask(bo, reference)

    changed = _press(bo, _link(), shown="100")

    assert changed.status_code == 409
    assert "has changed" in changed.text
    assert not Refund.objects.exists() and not Mail.objects.filter(template="withdrawal").exists()
    assert _press(bo, _link(), shown="790").status_code == 200
    assert Order.objects.get().is_refunded


def test_a_no_is_confirmed_too_with_its_rule(bo: Buyer, reference: str) -> None:
    now = timezone.now()
    PlaybackSession.objects.update(opened_at=now - timedelta(seconds=7000), link_until=now)
    _ask(bo, reference, path="/ko/withdraw/")

    page = _press(bo, _link(), shown="0")

    confirmed = Mail.objects.get(template="withdrawal")
    assert "철회를 접수했어요" in page.text
    assert (confirmed.language, bool(confirmed.context["rule"])) == ("ko", True)
    assert not Refund.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"reference": "x"}, {"reference": "x", "email": "nobody"}])
def test_an_empty_field_is_named(bo: Buyer, reference: str, fields: dict[str, str]) -> None:
    answer = _press(bo, f"{bo.url}/withdraw/", **fields)

    assert "field__error" in answer.text
    assert not Withdrawal.objects.exists()
