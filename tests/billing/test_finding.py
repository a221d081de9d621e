"""A purchase is found by the address and the day on which its buyer remembers it, and by nobody else."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from accounts.models import SignInCode, User
from billing.models import Order
from billing.owning import days
from tests import factories, signing_in
from tests.attacks import Visitor
from tests.statements import counted
from videos.models import Price

pytestmark = pytest.mark.django_db

ADA: Final = "ada@example.com"
NIGHT: Final = datetime(2026, 7, 1, 14, 50, tzinfo=UTC)  # 23:50 in Seoul, on the same day


@pytest.fixture
def price() -> Price:
    return factories.film_on_sale("noon").offers.get().prices.get(currency="usd")


@pytest.fixture
def adas(ada: User) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(ada)
    return visitor


def test_the_day_is_the_buyer_s_own_and_the_next_to_it_will_do(
    adas: Visitor, ada: User, price: Price, bo: User
) -> None:
    late = _paid(price, NIGHT, user=ada)
    later = _paid(price, NIGHT + timedelta(minutes=20), user=ada)
    far = _paid(price, NIGHT, user=ada, time_zone="America/Los_Angeles")  # there it is 7:50 in the morning
    _paid(price, NIGHT, user=bo)

    assert _found(adas, "2026-07-01") == [(far, True), (late, True), (later, False)]
    assert _found(adas, "2026-07-02") == [(later, True), (far, False), (late, False)]
    assert _found(adas, "2026-07-03") == [(later, False)]
    assert _found(adas, "2026-06-30") == [(far, False), (late, False)]
    assert _found(adas, "2026-06-29") == _found(adas, "2026-07-04") == []


def test_the_page_says_what_was_found(adas: Visitor, ada: User, price: Price) -> None:
    order = _paid(price, NIGHT, user=ada)

    assert "Bought on July 1, 2026." in _page(adas, "2026-07-01")
    assert "Nothing was bought on July 2, 2026 itself, but this" in _page(adas, "2026-07-02")
    nothing = _page(adas, "2026-07-09")
    assert f"Nothing was bought with {ADA} on July 9, 2026" in nothing
    assert f"/orders/{order.reference}/" not in nothing
    _paid(price, NIGHT + timedelta(minutes=20), user=ada)
    both = _page(adas, "2026-07-01")
    assert "Marked is what was bought on July 1, 2026" in both
    assert both.count("<strong>That day</strong>") == 1
    assert "2026년 7월 1일에 구매한 것에는 표시를 했고" in _page(adas, "2026-07-01", "/ko")
    assert "2026年7月1日のご購入には印が付いています" in _page(adas, "2026-07-01", "/ja")


@pytest.mark.parametrize("prefix", ["", "/ko"])
@pytest.mark.parametrize("by", ["code", "link"])
def test_the_day_is_kept_until_the_address_is_proved(price: Price, prefix: str, by: str) -> None:
    order = _paid(price, NIGHT)
    asking, reading = Visitor(), Visitor()

    asked = asking.post_form(f"{prefix}/orders/", email=ADA, on="2026-07-01")
    assert asked.headers["Location"] == f"{prefix}/account/sign-in/"
    if by == "code":
        reading = asking
        told = asking.post_form(asked.headers["Location"], code=signing_in.mailed_code(ADA))
    else:
        told = reading.post_form(signing_in.mailed_link(ADA))

    assert told.headers["Location"] == f"{prefix}/orders/?on=2026-07-01"
    assert reading.get(told.headers["Location"]).context["found"].rows == [(order, True)]


def test_before_that_nothing_is_told(price: Price) -> None:
    """Neither to who asks by the form nor to who knows where signing in leads."""
    order = _paid(price, NIGHT)
    stranger = Visitor()

    stranger.post_form("/orders/", email=ADA, on="2026-07-01")
    page = _page(stranger, "2026-07-01")

    assert "Nothing was bought in this browser on July 1, 2026" in page
    assert order.reference not in page
    assert Order.objects.get().user is None


def test_where_nothing_is_found_another_address_is_tried_for_the_same_day(
    adas: Visitor, price: Price
) -> None:
    order = _paid(price, NIGHT, email="ada@work.example")
    assert 'name="next" value="/orders/?on=2026-07-01"' in _page(adas, "2026-07-01")

    left = adas.post_form("/account/sign-out/", next="/orders/?on=2026-07-01")
    form = _page(adas, "2026-07-01")
    signing_in.by_code(adas, "ada@work.example", next=left.headers["Location"])

    assert left.headers["Location"] == "/orders/?on=2026-07-01"
    assert 'value="2026-07-01"' in form
    assert _found(adas, "2026-07-01") == [(order, True)]


def test_who_signed_in_in_another_tab_is_led_on(adas: Visitor) -> None:
    answer = adas.post_form("/orders/", email="", on="2026-07-01")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/orders/?on=2026-07-01")
    assert not SignInCode.objects.exists()


@pytest.mark.parametrize(
    "given, field",
    [
        ({"email": "no address", "on": "2026-07-01"}, "find-email"),
        ({"email": ADA, "on": "yesterday"}, "find-on"),
        ({"email": ADA, "on": "0001-01-01"}, "find-on"),
        ({"email": ADA, "on": "\0"}, "find-on"),
        ({"on": "9" * 5000}, "find-email"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(given: dict[str, str], field: str) -> None:
    visitor = Visitor()

    answer = visitor.post_form("/orders/", **given)

    assert answer.status_code == 400
    assert f'id="{field}_error" role="alert"' in answer.content.decode()
    assert f'aria-describedby="{field}_error"' in answer.content.decode()
    assert not SignInCode.objects.exists()


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_leaves_the_list(adas: Visitor, ada: User, price: Price, day: str) -> None:
    order = _paid(price, NIGHT, user=ada)

    page = _page(adas, day)

    assert f"/orders/{order.reference}/" in page
    assert 'id="id_on_error" role="alert"' in page


def test_a_day_of_many_purchases_costs_the_same(adas: Visitor, ada: User, price: Price) -> None:
    costs = []
    for size in (2, 30):
        for _ in range(size):
            _paid(price, NIGHT, user=ada)
        _page(adas, "2026-07-01")
        with counted() as sql:
            found = adas.get("/orders/?on=2026-07-01").context["found"]
        costs.append((len(sql), len(found.rows), found.has_more))

    (few, *_), (many, shown, has_more) = costs
    assert few == many <= 7
    assert (shown, has_more) == (20, True)


@pytest.mark.parametrize(
    "written",
    ["2026-07-01", " 2026-7-1\n", "2026/07/01", "2026. 7. 1.", "2026년 7월 1일", "２０２６年７月１日"],
)
def test_a_day_is_read_however_it_is_written_with_its_year_first(written: str) -> None:
    assert days.read(written) == date(2026, 7, 1)


@pytest.mark.parametrize("written", ["", "1.7.2026", "07/01/2026", "20260701", "2026-13-01", "1999-12-31"])
def test_what_could_be_another_day_is_not_guessed(written: str) -> None:
    assert days.read(written) is None


def test_a_day_anywhere_holds_that_day_of_every_place() -> None:
    begins, ends = days.anywhere(date(2026, 7, 1), date(2026, 7, 1))

    assert days.day_of(begins, "Pacific/Kiritimati") == date(2026, 7, 1)
    assert days.day_of(begins - timedelta(seconds=1), "Pacific/Kiritimati") == date(2026, 6, 30)
    assert days.day_of(ends, "Etc/GMT+12") == date(2026, 7, 2)
    assert days.day_of(ends - timedelta(seconds=1), "Etc/GMT+12") == date(2026, 7, 1)


def _page(visitor: Visitor, day: str, prefix: str = "") -> str:
    return visitor.get(f"{prefix}/orders/", data={"on": day}).content.decode()


def _found(visitor: Visitor, day: str) -> list[tuple[Order, bool]]:
    found = visitor.get("/orders/", data={"on": day}).context["found"]
    assert isinstance(found.rows, list)
    return found.rows


def _paid(price: Price, at: datetime, **fields: object) -> Order:
    number = Order.objects.count()
    usual: dict[str, object] = {
        **{"visitor": "v", "email": ADA, "language": "en", "price": price, "offer": price.offer},
        **{"total_minor": 790, "currency": "usd", "quote_nonce": f"n{number}", "created_at": at},
        **{"state": "paid", "paid_at": at, "intent_id": f"pi_{number}", "receipt_number": number + 1},
        "time_zone": "Asia/Seoul",
    }
    return Order.objects.create(**usual | fields)
