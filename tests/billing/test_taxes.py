"""Tax: the table of rates, what is split off a price when it is paid, and what goes back with refunds."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from billing.books import ledger
from billing.models import LedgerEntry, Order, Refund, TaxRate
from billing.refunding import refunds
from billing.taxing import tax_table, taxes
from tests import factories, office
from tests.attacks import Visitor
from tests.saboteurs.rows import saved
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

HEAD = "country,starts_on,percent\n"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "rates.csv"


def rates() -> list[Any]:
    return list(TaxRate.objects.order_by("country", "starts_on").values_list("country", "basis_points"))


def test_the_shops_own_table_covers_the_union_and_says_none_of_the_us() -> None:
    call_command("load_tax_rates", verbosity=0)

    points = dict(rates())
    assert (points["DE"], points["FI"], points["KR"], points["GB"], points["US"]) == (
        1900,
        2550,
        1000,
        2000,
        0,
    )
    union = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    assert set(union.split()) < set(points)


def test_a_table_loaded_again_changes_nothing(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text(f"{HEAD}DE,2021-01-01,19\nDE,2027-01-01,20.5\n")
    call_command("load_tax_rates", str(table))
    call_command("load_tax_rates", str(table))
    table.write_text(f"{HEAD}DE,2027-01-01,21\n")
    call_command("load_tax_rates", str(table))

    assert capsys.readouterr().out.splitlines() == [
        *("2 new, 0 changed, 0 the same.", "0 new, 0 changed, 2 the same.", "0 new, 1 changed, 0 the same.")
    ]
    assert rates() == [("DE", 1900), ("DE", 2100)]


@pytest.mark.parametrize(
    "lines",
    [
        *("DE,2021-01-01,19\nDE,soon,20\n", "Germany,2021-01-01,19\n", "DE,2021-01-01,100\n"),
        *("DE,2021-01-01,-1\n", "DE,2021-01-01,19.555\n", "DE,2021-01-01,NaN\n", "DE\n"),
        "DE,2021-01-01,19\nDE,2021-01-01,20\n",
    ],
)
def test_of_a_table_that_makes_no_sense_nothing_is_loaded(table: Path, lines: str) -> None:
    table.write_text(HEAD + lines)

    with pytest.raises(CommandError, match=r"^Line \d"):
        call_command("load_tax_rates", str(table))

    assert rates() == []


def test_a_file_that_is_no_table_is_refused(table: Path) -> None:
    table.write_text("land;satz\n")

    with pytest.raises(CommandError, match="first line"):
        call_command("load_tax_rates", str(table))
    with pytest.raises(CommandError):
        call_command("load_tax_rates", str(table.with_name("nowhere.csv")))


def test_a_rate_holds_from_its_day_until_the_next_one() -> None:
    for day, points in (("2020-07-01", 1600), ("2021-01-01", 1900)):
        TaxRate.objects.create(country="DE", starts_on=day, basis_points=points)

    def on(*day: int) -> int | None:
        rate = TaxRate.objects.of("DE", on=datetime(*day, tzinfo=UTC).date())  # type: ignore[misc,arg-type]
        return rate.basis_points if rate else None

    days = [(2020, 6, 30), (2020, 7, 1), (2020, 12, 31), (2021, 1, 1)]
    assert [on(*day) for day in days] == [None, 1600, 1600, 1900]
    assert TaxRate.objects.of("FR", on=NOON.date()) is None


@pytest.mark.parametrize(
    ("total", "points", "currency", "tax"),
    [
        *((1190, 1900, "eur", 190), (790, 1900, "eur", 126), (9900, 1000, "krw", 900), (5, 1000, "krw", 0)),
        *(
            (6, 1000, "krw", 1),
            (11, 1000, "krw", 1),
            (790, 0, "usd", 0),
            (10**15, 2550, "eur", 203187250996016),
        ),
        *((150000, 2400, "isk", 29000), (1250, 500, "bhd", 60)),
    ],
)
def test_what_is_tax_in_a_price_is_rounded_half_up_to_what_the_currency_can_pay(
    total: int, points: int, currency: str, tax: int
) -> None:
    assert taxes.within(total, points, currency) == tax


@pytest.mark.parametrize(
    ("card", "said", "split"),
    [
        ("KR", "DE", ("KR", 1000, 900)),
        ("", "DE", ("DE", 1900, 1581)),
        ("US", "", ("US", 0, 0)),
        ("BR", "", ("BR", None, 0)),
        ("", "", ("", None, 0)),
    ],
    ids=["the card", "the buyer's word", "none is taken", "no rate", "no country"],
)
def test_a_sale_is_taxed_once_in_the_country_of_the_card(
    world: World, card: str, said: str, split: tuple[str, int | None, int]
) -> None:
    tax_table.load(tax_table.SHIPPED)
    world.configure(issuer_country=card)
    order = _bought(world, said)
    TaxRate.objects.update(basis_points=5000)  # which minds nobody who has paid

    assert (order.tax_country, order.tax_basis_points, order.tax_minor) == split
    booked = {each.account: each.amount_minor for each in LedgerEntry.objects.all()}
    assert booked["sales"] == order.tax_minor - 9900
    assert booked.get("tax", 0) == -order.tax_minor
    assert ledger.check().is_same


def test_the_day_is_the_buyers() -> None:
    TaxRate.objects.create(country="KR", starts_on="2026-11-28", basis_points=1000)
    order = Order(total_minor=9900, currency="krw", time_zone="Asia/Seoul")
    late = NOON.replace(hour=15)  # midnight in Seoul

    taxed = [taxes.split(order, card_country="KR", stated_country="", at=at).tax_minor for at in (NOON, late)]

    assert taxed == [0, 900]


@pytest.mark.parametrize("seed", range(20))
def test_refunds_give_back_exactly_the_tax_however_they_are_cut_and_fail(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - it plays, it guards nothing
    total = dice.randint(3, 2000)
    order = _paid(total, dice.choice([810, 1000, 1900, 2550]))

    while order.left_minor:
        amount = dice.randint(1, order.left_minor)
        refund = refunds.write(order, _wish(order, amount), at=timezone.now())
        assert 0 <= refund.tax_minor <= amount
        if dice.random() < 0.3:
            refund.become(Refund.State.REFUSED, at=timezone.now())
            order.release_refund(amount)

    live = order.refunds.filter(state__in=Refund.LIVE)
    assert sum(live.values_list("tax_minor", flat=True)) == order.tax_minor


def test_half_of_a_price_gives_back_half_of_its_tax(world: World) -> None:
    tax_table.load(tax_table.SHIPPED)
    world.configure(issuer_country="KR")
    order = _bought(world)

    halves = [refunds.ask(order, _wish(order, 4950), at=timezone.now()) for _ in range(2)]

    assert [each.tax_minor for each in halves] == [450, 450]
    tax = LedgerEntry.objects.filter(account="tax").values_list("amount_minor", flat=True)
    assert sorted(tax) == [-900, 450, 450]
    assert ledger.check().is_same


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (
            {"tax_country": "DE", "tax_basis_points": 1900, "tax_minor": 126},
            "$1.26 (19\N{NO-BREAK SPACE}% in DE)",
        ),
        ({"tax_country": "US", "tax_basis_points": 0}, "$0.00 (0\N{NO-BREAK SPACE}% in US)"),
        ({"tax_country": "BR"}, "None: no rate known of BR"),
        ({}, "None: country unknown"),
    ],
)
def test_the_office_sees_what_was_taken_and_why_nothing_was(cho: User, fields: Any, shown: str) -> None:
    order = _paid(790, 1900)
    Order.objects.update(tax_country="", tax_basis_points=None, tax_minor=0)
    Order.objects.update(**fields)

    page = office.signed_in(cho).get(f"/admin/billing/order/{order.pk}/change/").content.decode()

    assert shown in page


def test_the_list_of_rates_costs_the_same_however_long_it_is(cho: User) -> None:
    browser = office.signed_in(cho)
    saved(TaxRate)
    short = office.statements(browser, office.page(TaxRate))
    tax_table.load(tax_table.SHIPPED)

    assert len(office.statements(browser, office.page(TaxRate))) == len(short) <= 3
    assert "25.5" in browser.get(f"{office.page(TaxRate)}?q=fi").content.decode()


def _bought(world: World, said: str = "") -> Order:
    factories.film_on_sale("noon", krw=9900)
    visitor = Visitor(world)
    given: Any = {"billing_details": {"address": {"country": said}}} if said else {}
    token = world.confirmation_token(**given)
    made = visitor.pay(visitor.quote("noon", currency="krw"), confirmation_token=token).json()
    return Order.objects.get(reference=made["order"])


def _paid(total: int, points: int) -> Order:
    order = saved(Order)
    facts = {"total_minor": total, "tax_minor": taxes.within(total, points, order.currency)}
    Order.objects.filter(pk=order.pk).update(
        **{"state": "paid", "paid_at": NOON, "intent_id": "pi_1", "tax_country": "DE"},
        tax_basis_points=points,
        **facts,
    )
    return Order.objects.get(pk=order.pk)


def _wish(order: Order, amount: int) -> refunds.Wish:
    return refunds.Wish(
        amount_minor=amount,
        after_minor=order.refunded_minor,
        reason=Refund.Reason.OTHER,
        ends_access=False,
        asker=Refund.Asker.SHOP,
    )
