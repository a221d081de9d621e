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
from tests.privacy.adas_things import BEFORE, CREDENTIAL, KOREAN, PASSKEY, SECRET
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
    for label, pk in _rows_that_name("ada@example.com", BEFORE, "Lovelace", KOREAN, PASSKEY):
        assert any(row.get(_key(label)) == pk for row in data["tables"][label.lower()]), (label, pk)


def test_each_table_has_its_rows_and_all_their_fields(ada: User) -> None:
    adas_things.of(ada)

    _page, data = _read(exporting.archive(persons.of_user(ada), language="en", at=timezone.now()))

    assert set(data["tables"]) == {model._meta.label_lower for model in HELD}
    for model, held in HELD.items():
        label = model._meta.label_lower
        for row in data["tables"][label]:
            left_out = {each.attname for each in model._meta.concrete_fields} - set(row)
            assert left_out == set(held.withheld.split()), label


def test_whatever_points_at_her_is_in_it(ada: User) -> None:
    """Found by the keys of the database alone, not by what the shop says of its tables."""
    adas_things.of(ada)

    _page, data = _read(exporting.archive(persons.of_user(ada), language="en", at=timezone.now()))

    there = {(label, row.get(_key(label))) for label, rows in data["tables"].items() for row in rows}
    hers = _pointing_at({(User._meta.label_lower, ada.pk)})
    assert len(hers) > 35
    assert sorted(hers - there) == []


def test_a_passkey_s_name_is_told_and_no_secret_of_a_way_in(ada: User) -> None:
    adas_things.of(ada)

    page, data = _read(exporting.archive(persons.of_user(ada), language="en", at=timezone.now()))

    rows = data["tables"]["mfa.authenticator"]
    assert [each["data"] for each in rows] == [{"name": PASSKEY}, {}]
    assert all(each["created_at"] for each in rows)
    assert "Ada&#x27;s Phone" in page
    assert not [each for each in (CREDENTIAL, SECRET) if each in page + json.dumps(data)]


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


def _key(label: str) -> str:
    key = apps.get_model(label)._meta.pk
    assert key is not None
    return str(key.attname)


def _pointing_at(found: set[tuple[str, Any]]) -> set[tuple[str, Any]]:
    """Those rows, and every row of the whole database that points at one of them, and so on."""
    wider = found | {
        (model._meta.label_lower, pk)
        for model in apps.get_models()
        for each in model._meta.concrete_fields
        if each.is_relation and (keys := _keys_of(each.related_model, found))
        for pk in model._default_manager.filter(**{f"{each.name}__in": keys}).values_list("pk", flat=True)
    }
    return wider if wider == found else _pointing_at(wider)


def _keys_of(model: Any, found: set[tuple[str, Any]]) -> list[Any]:
    return [pk for label, pk in found if label == model._meta.label_lower]


def _rows_that_name(*names: str) -> list[tuple[str, Any]]:
    """Every row of the whole database in which one of the names stands."""
    return [
        (model._meta.label, row[0])
        for model in apps.get_models(include_auto_created=True)
        for row in model._default_manager.values_list("pk", *[f.attname for f in model._meta.concrete_fields])
        if any(name in str(row) for name in names)
    ]
