"""What goes back of a film that its owners lose, by the rule that stands on the page; and who is told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Mail
from billing.leaving import giving_back, leaving_letters, prospects
from billing.models import Erasure, Order, Payment, Refund
from billing.privacy import erasing
from billing.refunding import refunds
from tests import factories
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once, meeting, overtaken
from tests.conftest import Shop
from tests.refunding import give_back
from videos.models import Entitlement, TakeDown, Video
from videos.publishing import taking_down

pytestmark = pytest.mark.django_db(transaction=True)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ASKED: Final = timedelta(days=10)  # before it leaves


@dataclass(frozen=True)
class Case:
    """What was bought how long before the film left, what became of it since, and what goes back of 790."""

    offer: str
    before: timedelta
    back: int
    is_told: bool = True
    right: dict[str, Any] = field(default_factory=dict)
    paid_before: timedelta | None = None
    tried_before: timedelta | None = None
    earlier: int = 0


# Written before the code.
CASES: Final = {
    "owned for a month": Case("own", 30 * DAY, back=790),
    "owned for a year and a day": Case("own", 366 * DAY, back=0),
    "owned, a part went back before": Case("own", 30 * DAY, back=490, earlier=300),
    "owned, and taken away by staff": Case(
        "own", 30 * DAY, back=0, is_told=False, right={"revoked_at": -DAY}
    ),
    "bought with a quote of before": Case("own", ASKED - HOUR / 4, back=790),
    "bought once the page said so": Case("own", ASKED - HOUR, back=0, is_told=False),
    "begun before, and paid by a try once the page said so": Case(
        "own", ASKED + DAY, back=0, is_told=False, tried_before=ASKED - HOUR
    ),
    "begun then, and paid once it had left": Case("own", HOUR, back=790, paid_before=-HOUR),
    "rented, not started": Case("rent", 20 * DAY, back=790, right={"start_by": DAY}),
    "rented, running": Case("rent", 20 * DAY, back=790, right={"start_by": -DAY, "ends_at": HOUR}),
    "rented, over": Case("rent", 20 * DAY, back=0, is_told=False, right={"start_by": -DAY, "ends_at": -HOUR}),
    "rented, never started": Case("rent", 40 * DAY, back=0, is_told=False, right={"start_by": -DAY}),
}


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    return Buyer(shop.url, shop.world)


def bought(buyer: Buyer, film: Video, case: Case, *, leaves_at: datetime) -> Order:
    order = Order.objects.get(reference=buyer.buy(film.slug, offer=case.offer, currency="usd")["order"])
    paid_at = leaves_at - (case.before if case.paid_before is None else case.paid_before)
    Order.objects.filter(pk=order.pk).update(created_at=leaves_at - case.before, paid_at=paid_at)
    Payment.objects.filter(order=order).update(sent_at=leaves_at - (case.tried_before or case.before))
    facts = {name: leaves_at + after for name, after in case.right.items()}
    Entitlement.objects.filter(reference=order.reference).update(starts_at=paid_at - DAY, **facts)
    if case.earlier:
        give_back(order, case.earlier)
    return order


def take_down(
    film: Video, owners: str = "lose", *, leaves_at: datetime, asked: timedelta = ASKED
) -> TakeDown:
    return taking_down.take_down(
        film,
        leaves_at=leaves_at,
        cause="licence",
        owners=owners,
        reason="Contract 12",
        at=leaves_at - asked,
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_goes_back_and_who_is_told(buyer: Buyer, case: Case) -> None:
    film, now = factories.film_on_sale("noon", case.offer), timezone.now()
    order = bought(buyer, film, case, leaves_at=now)
    taken = take_down(film, leaves_at=now)
    promised = prospects.of_take_down(taken)

    told = leaving_letters.sweep(at=now - DAY)
    before = giving_back.sweep(at=now - timedelta(seconds=1))
    given = giving_back.sweep(at=now)

    assert before == 0, "not while it can be watched"
    made = Refund.objects.filter(reason="taken_down")
    assert given == len(made) == bool(case.back)
    assert sum(refund.amount_minor for refund in made) == case.back
    assert promised.orders_given_back == bool(case.back)
    is_told = case.is_told or case.paid_before is not None
    assert told == is_told == Mail.objects.filter(template="film-leaves").count()
    assert [giving_back.sweep(at=now + HOUR), leaving_letters.sweep(at=now + HOUR)] == [0, 0]
    if not (is_told or case.right):
        page = buyer.http.get(f"{buyer.url}/orders/{order.reference}/").text
        assert "Its page said so when you bought it" in page
    if case.back:
        assert made.get().state == "succeeded"
        assert Mail.objects.get(template="refund", context__has_left=True).to == order.email
        page = buyer.http.get(f"{buyer.url}/orders/{order.reference}/").text
        assert "Our licence for it has ended." in page
        assert "Given back" in page
        assert film.slug in buyer.http.get(f"{buyer.url}/library/").text, "the library tells of it still"


def test_with_owners_that_keep_it_nothing_goes_back_and_nobody_is_told(buyer: Buyer) -> None:
    film, now = factories.film_on_sale("noon"), timezone.now()
    bought(buyer, film, CASES["owned for a month"], leaves_at=now)
    taken = take_down(film, "keep", leaves_at=now)

    assert [leaving_letters.sweep(at=now), giving_back.sweep(at=now)] == [0, 0]
    found = prospects.of_take_down(taken)
    assert (found.owned, found.orders_given_back, found.back) == (1, 0, [])


def test_of_a_collection_a_person_decides(buyer: Buyer) -> None:
    film, now = factories.film_on_sale("noon"), timezone.now()
    course = factories.collection(film, factories.video("dusk"))
    factories.offer(course)
    order = buyer.pay(buyer.panel(course.slug, kind="collections")[0].quote).json()["order"]
    Order.objects.update(created_at=now - 20 * DAY)
    Payment.objects.update(sent_at=now - 20 * DAY)
    taken = take_down(film, leaves_at=now)

    assert [leaving_letters.sweep(at=now), giving_back.sweep(at=now)] == [1, 0]
    mail = Mail.objects.get(template="film-leaves")
    assert (mail.context["is_part"], mail.context["amount_text"]) == (True, "")
    assert [each.reference for each in prospects.for_staff(taken)] == [order]
    assert film.title in buyer.http.get(f"{buyer.url}/orders/{order}/").text


def test_the_mail_comes_before_or_at_once_and_never_after_it_was_called_off(
    buyer: Buyer, settings: Settings
) -> None:
    settings.TAKE_DOWN_NOTICE_DAYS = 7
    film, now = factories.film_on_sale("noon"), timezone.now()
    bought(buyer, film, CASES["owned for a month"], leaves_at=now)
    taken = take_down(film, leaves_at=now)

    assert leaving_letters.sweep(at=now - 7 * DAY - HOUR) == 0
    taking_down.call_off(taken, at=now - 8 * DAY)
    assert leaving_letters.sweep(at=now - HOUR) == 0
    take_down(film, leaves_at=now, asked=HOUR)
    assert leaving_letters.sweep(at=now - HOUR) == 1

    mail = Mail.objects.get(template="film-leaves")
    assert mail.context["amount_text"] == "$7.90"
    assert mail.context["until"].endswith("(Asia/Seoul)")
    assert mail.context["has_left"] is False


def test_who_was_told_is_told_too_that_it_stays(buyer: Buyer) -> None:
    film, now = factories.film_on_sale("noon"), timezone.now()
    order = bought(buyer, film, CASES["owned for a month"], leaves_at=now)
    taken = take_down(film, leaves_at=now)
    leaving_letters.sweep(at=now - 9 * DAY)

    taking_down.call_off(taken, at=now - DAY)

    assert [leaving_letters.sweep(at=now - HOUR), leaving_letters.sweep(at=now)] == [1, 0]
    assert Mail.objects.get(template="film-stays").cause == f"film-stays:{taken.pk}:{order.reference}"
    assert giving_back.sweep(at=now) == 0


def test_who_is_told_twice_of_its_leaving_is_told_once_that_it_stays(buyer: Buyer) -> None:
    film, now = factories.film_on_sale("noon"), timezone.now()
    bought(buyer, film, CASES["owned for a month"], leaves_at=now)
    for days in (9, 8):
        taken = take_down(film, leaves_at=now + days * DAY, asked=days * DAY + HOUR)
        assert leaving_letters.sweep(at=now - HOUR / 2) == 1
        taking_down.call_off(taken, at=now - HOUR / 4)

    assert [leaving_letters.sweep(at=now), leaving_letters.sweep(at=now)] == [1, 0]
    assert Mail.objects.get(template="film-stays").cause.startswith(f"film-stays:{taken.pk}:")


def test_who_paid_once_all_were_told_is_told_too(buyer: Buyer) -> None:
    film, now = factories.film_on_sale("noon"), timezone.now()
    leaves_at = now + 9 * DAY
    bought(buyer, film, CASES["owned for a month"], leaves_at=leaves_at)
    take_down(film, leaves_at=leaves_at)
    assert [leaving_letters.sweep(at=now), leaving_letters.sweep(at=now)] == [1, 0]

    old_page = Case("own", ASKED - HOUR / 4, back=790, paid_before=9 * DAY - HOUR / 2)
    order = bought(Buyer(buyer.url, buyer.world), film, old_page, leaves_at=leaves_at)

    assert [leaving_letters.sweep(at=now + HOUR), leaving_letters.sweep(at=now + HOUR)] == [1, 0]
    assert Mail.objects.latest("id").cause.endswith(order.reference)


def test_who_is_erased_in_this_moment_gets_no_mail(buyer: Buyer) -> None:
    film, now = factories.film_on_sale("noon"), timezone.now()
    order = bought(buyer, film, CASES["owned for a month"], leaves_at=now)
    take_down(film, leaves_at=now)

    def erase() -> int:
        return 1 if erasing.erase(order.email, by=Erasure.By.STAFF, at=now) else 0

    overtaken(lambda: leaving_letters.sweep(at=now), erase, owner=leaving_letters, name="_tell")

    assert not Mail.objects.filter(to=order.email).exists()


def test_money_that_the_bank_sends_back_is_left_to_a_person(buyer: Buyer) -> None:
    film, now = factories.film_on_sale("noon"), timezone.now()
    bought(buyer, film, CASES["owned for a month"], leaves_at=now)
    take_down(film, leaves_at=now)
    giving_back.sweep(at=now)
    Order.objects.update(refunded_minor=0)
    Refund.objects.update(state="failed", failed_at=now, succeeded_at=None)
    Entitlement.objects.update(revoked_at=None, revoked_because="")

    assert giving_back.sweep(at=now + HOUR) == 0


def test_the_rule_stands_on_the_page(buyer: Buyer, settings: Settings) -> None:
    settings.TAKE_DOWN_REFUND_DAYS = 90

    for root, words in [("", "within 90 days before it left"), ("/ko", "90일"), ("/ja", "90日")]:
        assert words in buyer.http.get(f"{buyer.url}{root}/refund-policy/").text


def test_two_workers_at_once_give_back_once(buyer: Buyer) -> None:
    film, now = factories.film_on_sale("noon"), timezone.now()
    bought(buyer, film, CASES["owned for a month"], leaves_at=now)
    take_down(film, leaves_at=now)

    with meeting(refunds, "write"):
        given = all_at_once(*[partial(giving_back.sweep, at=now)] * 2)

    assert sorted(given) == [0, 1]
    assert len(buyer.world.objects("refund")) == Refund.objects.count() == 1
