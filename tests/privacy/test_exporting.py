"""Ada takes all of it with her: whatever row names her is in the archive, and no row of Bo's."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from accounts.models import User
from billing.models import Order
from billing.privacy import exporting, persons
from billing.privacy.holdings import HELD
from tests import factories
from tests.attacks import Visitor
from tests.privacy import adas_things
from tests.saboteurs import rows
from tests.statements import of as statements_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(ada: User) -> User:
    ada.name = "Ada Lovelace"
    ada.save()
    return ada


def test_what_the_account_downloads_is_everything(ada: User, bo: User) -> None:
    adas_things.of(ada)
    Order.objects.filter(pk=_bos(bo).pk).update(email=bo.email, user=bo)
    adas = Visitor()
    adas.client.force_login(ada)

    answer = adas.post_form("/account/your-data/archive/")

    assert answer.headers["Content-Type"] == "application/zip"
    assert "ada" not in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    page, data = _read(answer.content)
    assert "bo@example.com" not in page + json.dumps(data)
    for label, pk in _rows_that_name("ada@example.com", "Lovelace"):
        key = apps.get_model(label)._meta.pk
        assert key is not None
        assert any(row.get(key.attname) == pk for row in data["tables"][label.lower()]), (label, pk)


def test_each_table_has_its_rows_and_all_their_fields(ada: User) -> None:
    adas_things.of(ada)

    _page, data = _read(exporting.archive(persons.of_user(ada), language="en", at=timezone.now()))

    assert len(data["tables"]) > 25
    for model, held in HELD.items():
        label = model._meta.label_lower
        if label not in data["tables"]:
            assert not held.rows(persons.of_user(ada)).exists(), label
            continue
        for row in data["tables"][label]:
            left_out = {each.attname for each in model._meta.concrete_fields} - set(row)
            assert left_out == set(held.withheld.split()), label


def test_the_page_reads_well_in_both_languages(ada: User) -> None:
    things = adas_things.of(ada)

    for language, heading in (("en", "Your data"), ("ko", "내 정보")):
        page, _data = _read(exporting.archive(persons.of_user(ada), language=language, at=timezone.now()))

        assert f"<h1>{heading}</h1>" in page
        assert f'<html lang="{language}">' in page
        with translation.override(language):
            assert things.order.offer.target.title in page
        assert "12 St James&#x27;s Square" in page


def test_a_guest_s_data_comes_by_the_command_alone(tmp_path: Path) -> None:
    order = rows.fresh(Order)
    order.email = "ada@example.com"
    order.save()
    file = tmp_path / "ada.zip"

    call_command("export_person", "Ada@Example.com", output=file, verbosity=0)

    _page, data = _read(file.read_bytes())
    assert [each["reference"] for each in data["tables"]["billing.order"]] == [order.reference]
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_person", "ada@example.com", output=file)
    with pytest.raises(CommandError, match="Nothing is kept"):
        call_command("export_person", "nobody@example.com", output=tmp_path / "nobody.zip")


def test_what_another_bought_with_an_address_that_was_hers_is_his(ada: User, bo: User) -> None:
    order = _bos(bo)
    Order.objects.filter(pk=order.pk).update(email=ada.email, user=bo)

    _page, data = _read(exporting.archive(persons.of_user(ada), language="en", at=timezone.now()))

    assert "billing.order" not in data["tables"]
    assert persons.of_user(bo).addresses == {bo.email}


def test_more_purchases_take_no_more_statements(ada: User) -> None:
    def take() -> Any:
        return exporting.archive(persons.of_user(ada), language="en", at=timezone.now())

    _first(ada, 2)
    _archive, few = statements_of(take)
    _first(ada, 6)
    _archive, more = statements_of(take)

    assert len(more) == len(few)


def _first(ada: User, count: int) -> None:
    for _ in range(count):
        order = rows.saved(Order)
        Order.objects.filter(pk=order.pk).update(user=ada, email=ada.email)


def _bos(bo: User) -> Order:
    film = factories.film_on_sale("bo-s-own")
    order: Order = rows.fresh(Order)
    order.offer, order.price = film.offers.get(), film.offers.get().prices.get(currency="usd")
    order.save()
    return order


def _read(written: bytes) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(written)) as file:
        assert sorted(file.namelist()) == ["data.json", "index.html"]
        return file.read("index.html").decode(), json.loads(file.read("data.json"))


def _rows_that_name(*names: str) -> list[tuple[str, Any]]:
    """Every row of the whole database in which one of the names stands."""
    return [
        (model._meta.label, row[0])
        for model in apps.get_models(include_auto_created=True)
        for row in model._default_manager.values_list("pk", *[f.attname for f in model._meta.concrete_fields])
        if any(name in str(row) for name in names)
    ]
