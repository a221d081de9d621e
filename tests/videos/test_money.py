"""Amounts in the smallest unit of their currency: written as people do, refused where no card could pay."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests import factories
from videos import money, pricing
from videos.models import Offer, Price

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "amount, currency, text",
    [
        (9900, "krw", "₩9,900"),
        (1, "krw", "₩1"),
        (1_234_567, "krw", "₩1,234,567"),
        (1200, "jpy", "¥1,200"),
        (790, "usd", "$7.90"),
        (5, "usd", "$0.05"),
        (123_456_789, "usd", "$1,234,567.89"),
        (790, "eur", "€7,90"),
        (123_456_789, "eur", "€1.234.567,89"),
        (50_000, "isk", "ISK\N{NO-BREAK SPACE}500"),
        (1_000_000, "ugx", "UGX\N{NO-BREAK SPACE}10,000"),
        (2990, "bhd", "BHD\N{NO-BREAK SPACE}2.990"),
        (12_345_670, "bhd", "BHD\N{NO-BREAK SPACE}12,345.670"),
        (150_000, "vnd", "VND\N{NO-BREAK SPACE}150,000"),
        (-790, "usd", "-$7.90"),
        (-1, "eur", "-€0,01"),
    ],
)
def test_an_amount_is_written_as_people_do(amount: int, currency: str, text: str) -> None:
    assert money.format_amount(amount, currency) == text


@pytest.mark.parametrize(
    "amount, currency",
    [
        *[(1, each) for each in ("krw", "jpy", "usd", "eur", "vnd")],
        (99, "usd"),
        (100, "isk"),
        (50_000, "ugx"),
        (10, "bhd"),
        (2990, "bhd"),
    ],
)
def test_an_amount_that_a_card_can_pay_is_fine(amount: int, currency: str) -> None:
    money.check_amount(amount, currency)


@pytest.mark.parametrize(
    "amount, currency, words",
    [
        *[(0, each, "above zero") for each in ("krw", "jpy", "usd", "eur", "isk", "ugx", "bhd")],
        (-790, "usd", "above zero"),
        (50_050, "isk", "last two digits"),
        (99, "ugx", "last two digits"),
        (2995, "bhd", "last digit"),
        (1, "bhd", "last digit"),
    ],
)
def test_an_amount_that_no_card_can_pay_is_refused(amount: int, currency: str, words: str) -> None:
    with pytest.raises(money.BadAmount, match=words):
        money.check_amount(amount, currency)


@pytest.mark.parametrize(
    "language, available, chosen, currency",
    [
        ("ko", ["eur", "krw", "usd"], "", "krw"),
        ("en", ["eur", "krw", "usd"], "", "usd"),
        ("en", ["eur", "krw", "usd"], "eur", "eur"),
        pytest.param("en", ["eur", "usd"], "krw", "usd", id="not sold in the chosen one"),
        pytest.param("ko", ["eur", "usd"], "", "usd", id="not sold in the language's"),
        pytest.param("ko", ["eur"], "", "eur", id="sold in one only"),
        pytest.param("xx", ["eur", "jpy"], "'; --", "eur", id="nonsense"),
    ],
)
def test_the_currency_is_the_buyer_s_choice_then_the_language_s(
    language: str, available: list[str], chosen: str, currency: str
) -> None:
    assert money.preferred_currency(language, available, chosen) == currency


def test_nothing_on_sale_has_no_currency() -> None:
    with pytest.raises(ValueError, match="no currency"):
        money.preferred_currency("en", [])


# Prices are versions: sold orders keep theirs.


@pytest.fixture
def offer(db: None) -> Offer:
    return factories.offer(factories.video("noon"), usd=790, krw=9900)


def test_a_new_price_retires_the_old_one_and_no_other(offer: Offer) -> None:
    old = offer.prices.get(currency="usd")

    new = pricing.change(offer, currency="usd", amount_minor=990, at=NOON)

    old.refresh_from_db()
    assert (old.amount_minor, old.retired_at) == (790, NOON)
    assert (new.amount_minor, new.retired_at) == (990, None)
    assert new.pk != old.pk
    assert offer.prices.get(currency="krw").retired_at is None


def test_the_same_price_again_is_the_same_version(offer: Offer) -> None:
    old = offer.prices.get(currency="usd")

    assert pricing.change(offer, currency="usd", amount_minor=790, at=NOON) == old
    assert offer.prices.filter(currency="usd").count() == 1


def test_a_bad_amount_changes_no_price(offer: Offer) -> None:
    with pytest.raises(money.BadAmount):
        pricing.change(offer, currency="usd", amount_minor=0, at=NOON)
    with pytest.raises(money.BadAmount):
        pricing.change(offer, currency="isk", amount_minor=50_050, at=NOON)

    assert set(offer.prices.filter(retired_at=None).values_list("amount_minor", flat=True)) == {790, 9900}


def test_a_price_is_retired_once(offer: Offer) -> None:
    price = offer.prices.get(currency="usd")

    assert pricing.retire(price, at=NOON)
    assert not pricing.retire(price, at=NOON + timedelta(hours=1))

    price.refresh_from_db()
    assert price.retired_at == NOON


@pytest.mark.parametrize(
    "amount, currency",
    [(0, "usd"), (-1, "usd"), (790, "xyz"), pytest.param(791, "usd", id="a second current one")],
)
def test_the_database_keeps_prices_sane(offer: Offer, amount: int, currency: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(offer=offer, currency=currency, amount_minor=amount)


def test_a_form_says_what_is_wrong_with_an_amount(offer: Offer) -> None:
    with pytest.raises(ValidationError, match="last two digits"):
        Price(offer=offer, currency="isk", amount_minor=50_050).full_clean()
