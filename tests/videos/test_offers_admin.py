"""The office sets offers and prices: what buyers saw stays as they saw it."""

from typing import Any

import pytest

from accounts.models import User
from tests import factories, office
from videos.models import (
    Offer,
    Price,
)

pytestmark = pytest.mark.django_db


def _offer_form(offer: Offer, *rows: dict[str, Any], kept: int, **fields: Any) -> dict[str, Any]:
    form = {"is_active": "on", "prices-TOTAL_FORMS": len(rows), "prices-INITIAL_FORMS": kept} | fields
    for number, row in enumerate(rows):
        form |= {f"prices-{number}-{name}": value for name, value in row.items()}
    return form


def _kept(price: Price, **changes: Any) -> dict[str, Any]:
    return {"id": price.pk, "offer": price.offer_id, "amount_minor": price.amount_minor} | changes


@pytest.fixture
def offer() -> Offer:
    return factories.offer(factories.video("noon"), usd=790)


def test_a_changed_amount_is_a_new_version(cho: User, offer: Offer) -> None:
    sold = offer.prices.get()
    form = _offer_form(offer, _kept(sold, amount_minor=890), kept=1)

    office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    sold.refresh_from_db()
    assert sold.amount_minor == 790
    assert sold.retired_at
    assert offer.prices.get(retired_at=None).amount_minor == 890
    seen = office.text(office.signed_in(cho).get(office.page(Offer, "change", offer.pk)))
    assert "$8.90" in seen
    assert "$7.90 (" in seen


def test_saving_without_a_change_makes_no_version(cho: User, offer: Offer) -> None:
    form = _offer_form(offer, _kept(offer.prices.get()), kept=1)

    answer = office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    assert answer.status_code == 302
    assert offer.prices.count() == 1


def test_a_price_can_be_added_and_another_withdrawn(cho: User, offer: Offer) -> None:
    rows = _kept(offer.prices.get(), stop="on"), {"currency": "krw", "amount_minor": 9900}
    form = _offer_form(offer, *rows, kept=1)

    office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    assert offer.prices.get(retired_at=None).text == "₩9,900"


@pytest.mark.parametrize(
    "row, words",
    [
        ({"currency": "isk", "amount_minor": 550}, "no small coin"),
        ({"currency": "krw", "amount_minor": 0}, "above zero"),
        ({"currency": "bhd", "amount_minor": 1501}, "last digit must be 0"),
        ({"currency": "xxx", "amount_minor": 100}, "not one of the available choices"),
        ({"currency": "usd", "amount_minor": 890}, "one price in each currency"),
    ],
)
def test_a_price_that_cannot_be_charged_is_refused_in_words(
    cho: User, offer: Offer, row: dict[str, Any], words: str
) -> None:
    form = _offer_form(offer, _kept(offer.prices.get()), row, kept=1)

    refused = office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    assert words in office.text(refused)
    assert "DatabaseDefault" not in office.text(refused)
    assert offer.prices.count() == 1


def test_the_terms_of_an_offer_stay_as_buyers_saw_them(cho: User, offer: Offer) -> None:
    form = _offer_form(offer, kept=0, kind="rent", days_to_start=1, hours_once_started=1)

    office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    offer.refresh_from_db()
    assert (offer.kind, offer.days_to_start) == ("own", None)


def test_two_such_offers_cannot_be_on_sale_at_once(cho: User, offer: Offer) -> None:
    browser = office.signed_in(cho)
    late = Offer.objects.create(kind="own", video=offer.video, is_active=False)
    again = _offer_form(offer, kept=0, kind="own", video=offer.video_id)

    activated = browser.post(office.page(Offer, "change", late.pk), _offer_form(late, kept=0))
    added = browser.post(office.page(Offer, "add"), again)

    assert "such an offer on sale already" in office.text(activated)
    assert "such an offer on sale already" in office.text(added)
    assert Offer.objects.filter(is_active=True).count() == 1
