"""Every address of the shop is walked as Ada, whose things they are, as Bo, and as nobody."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import URLPattern, URLResolver
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from tests import office
from tests.attacks import Answer, Visitor, state, without_nonces
from tests.privacy import adas_things, table_of_urls
from tests.privacy.adas_things import Things
from tests.privacy.table_of_urls import EACH_HIS_OWN, LINK, OWNER, PROVIDERS, PUBLIC, SIGNED_IN, STAFF, filled

pytestmark = pytest.mark.django_db

NOT_THERE: Final = {404, 405}


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Things]:
    """Ada's things, in a transaction around those of the tests: each undoes what it did to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield adas_things.of(User.objects.create_user("ada@example.com", None, name="Ada Lovelace"))
        transaction.set_rollback(True)


@pytest.fixture
def ada(made_once: Things, db: None) -> User:
    return User.objects.get(email="ada@example.com")


@pytest.fixture
def things(made_once: Things, db: None, settings: Settings, tmp_path: Path) -> Things:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "noon.png").write_bytes(b"a picture")
    return made_once


@pytest.fixture
def nobody() -> Visitor:
    return Visitor()


@pytest.fixture
def bos(bo: User) -> Visitor:
    return _of(bo)


@pytest.fixture
def adas(ada: User) -> Visitor:
    return _of(ada)


def test_every_address_is_in_one_table() -> None:
    known = Counter(route for table in table_of_urls.ALL for route in table)
    there = {route for route, _pattern in table_of_urls.routes()}

    assert there - set(known) == set(), "say in tests/privacy/table_of_urls.py who may see it"
    assert set(known) - there == set(), "there is no such address any more"
    assert [route for route, count in known.items() if count > 1] == []


@pytest.mark.parametrize("route", OWNER)
def test_what_is_ada_s_is_not_there_for_others(
    route: str, things: Things, adas: Visitor, bos: Visitor, nobody: Visitor
) -> None:
    path = filled(OWNER[route], things)

    before = state()
    for stranger in (bos, nobody):
        for prefix in ("", "ko/"):
            got = _both(stranger, f"/{prefix}{path}")
            assert {each.status_code for each in got} <= NOT_THERE
            assert 404 in {each.status_code for each in got}
            assert b"ada@example.com" not in b"".join(each.content for each in got)
    assert [table for table, rows in state().items() if rows != before[table]] == []
    assert _opens(adas, f"/{path}")


@pytest.mark.parametrize("route", [route for route in OWNER if "reference" in route])
def test_what_is_ada_s_looks_as_what_there_is_not(route: str, things: Things, bos: Visitor) -> None:
    hers = f"/{filled(OWNER[route], things)}"
    names = (things.order.reference, things.member.reference, things.session.reference)
    name = next(each for each in names if each in hers)
    nothing = hers.replace(name, name[::-1])

    for real, made_up in zip(_both(bos, hers), _both(bos, nothing), strict=True):
        assert real.status_code == made_up.status_code
        assert _like(real, name) == _like(made_up, name[::-1])


@pytest.mark.parametrize("route", LINK)
def test_a_mailed_link_that_is_made_up_leads_nowhere(route: str, things: Things, bos: Visitor) -> None:
    path = f"/{filled(LINK[route], things)}"
    token = path.split("/")[3 if path.startswith("/account/") else 4 if path.startswith("/api/") else 2]
    last = "A" if token[-1] != "A" else "B"

    for guess in (token[:-1] + last, token[::-1], token[:-1], things.order.reference, str(things.order.pk)):
        for got in _both(bos, path.replace(token, guess)):
            assert got.status_code in NOT_THERE, guess
    assert _opens(Visitor(), path)


@pytest.mark.parametrize("route", [*EACH_HIS_OWN, *SIGNED_IN])
def test_everybody_sees_his_own(route: str, things: Things, adas: Visitor, bos: Visitor) -> None:
    hers, his = _first(adas, f"/{route}"), _first(bos, f"/{route}")

    assert hers.status_code == his.status_code == 200
    assert b"/orders/" + things.order.reference.encode() not in his.content
    assert b"ada@example.com" not in his.content
    assert without_nonces(hers) != without_nonces(his)


@pytest.mark.parametrize("route", SIGNED_IN)
def test_nobody_is_asked_to_sign_in(route: str, nobody: Visitor) -> None:
    got = _first(nobody, f"/{route}")

    assert (got.status_code, got.headers["Location"]) == (302, f"/account/sign-in/?next=/{route}")


@pytest.mark.parametrize("route", STAFF)
def test_what_is_for_staff_is_behind_their_sign_in(
    route: str, nobody: Visitor, bos: Visitor, cho: User
) -> None:
    for got in _both(nobody, f"/{route}"):
        assert got.status_code == 405 or got.headers["Location"].startswith("/account/sign-in/")
    assert {got.status_code for got in _both(bos, f"/{route}")} <= {403, 405}
    assert _opens(_of(cho), f"/{route}")


@pytest.mark.parametrize("route", PROVIDERS)
def test_a_provider_s_address_needs_its_secret(route: str, adas: Visitor, nobody: Visitor) -> None:
    for visitor in (adas, nobody):
        assert {got.status_code for got in _both(visitor, f"/{PROVIDERS[route]}")} <= {400, 404, 405}


@pytest.mark.parametrize("route", PUBLIC)
def test_what_is_public_is_there_and_names_nobody(route: str, things: Things, nobody: Visitor) -> None:
    got = nobody.get(f"/{PUBLIC[route]}", follow=True)

    assert got.status_code in {200, 405}
    content = got.content if not got.streaming else b""
    assert b"ada@example.com" not in content
    assert things.order.reference.encode() not in content


def test_the_whole_admin_is_behind_the_office_s_door(
    things: Things, nobody: Visitor, bos: Visitor, cho: User
) -> None:
    paths = sorted({_example(names) for names in _patterns(admin.site.urls[0])})
    assert len(paths) > 150

    for visitor in (nobody, bos):
        for path in paths:
            got = visitor.get(f"/admin/{path}")
            to = got.headers.get("Location", "")
            is_at_the_door = "/login/" in to or to.startswith("/account/sign-in/")
            is_led_there = (path, to) == ("logout/", "/admin/")
            assert is_at_the_door or is_led_there or got.status_code in {403, 404}, path
    for path in ("", "billing/order/", f"billing/order/{things.order.pk}/change/"):
        assert office.signed_in(cho).get(f"/admin/{path}").status_code == 200


def _of(user: User) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(user)
    return visitor


def _both(visitor: Visitor, path: str) -> list[Answer]:
    """Looking, and sending an empty form or an empty JSON body."""
    if "/api/" in path:
        return [visitor.get(path), visitor.post(path, {})]
    return [visitor.get(path), visitor.post_form(path)]


def _first(visitor: Visitor, path: str) -> Answer:
    """What looking brings, or sending where there is nothing to look at."""
    return next(got for got in _both(visitor, path) if got.status_code != 405)


def _opens(visitor: Visitor, path: str) -> bool:
    """Whether there is something for who asks: a page, or words on what is missing in what was sent."""
    return _first(visitor, path).status_code not in {401, 403, 404, 405, 410, 500}


def _like(answer: Answer, name: str) -> bytes:
    return without_nonces(answer).replace(name.encode(), b"")


def _patterns(urls: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    found = []
    for each in urls:
        at = before + str(each.pattern)
        found += [at] if isinstance(each, URLPattern) else _patterns(each.url_patterns, at)
    return found


def _example(route: str) -> str:
    """An address of the admin's route, with 1 for each name in it."""
    plain = re.sub(r"\(\?P<[^>]+>[^)]*\)", "1", route).strip("^$")
    return re.sub(r"<[^>]+>", "1", plain)
