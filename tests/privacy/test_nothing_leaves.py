"""Who buys, plays, joins and gets money back is named to no provider, in no log and in no address."""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest
from pytest_django import Settings

from accounts.models import User
from config import logs
from tests import factories, player, signing_in
from tests.attacks import Answer, Visitor
from tests.player import Link
from tests.privacy import adas_things, table_of_urls
from tests.privacy.table_of_urls import filled
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

ADDRESS: Final = "ada.sentinel@example.com"
_HER: Final = re.compile("sentinel", re.IGNORECASE)
# What her own mail program opens is hers.
_LEADS: Final = re.compile(r'(?:href|src|srcset|action|formaction|poster|_?url)"?[=:] ?"(?!mailto:)([^"]*)"')


def test_her_name_goes_nowhere(
    world: World, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STRIPE_RECORD, settings.MEDIA_ROOT = str(tmp_path / "traffic.jsonl"), tmp_path
    caplog.set_level(logging.INFO)
    things = adas_things.of(User.objects.create_user(ADDRESS, None, name="Ada Sentinel"))
    hers = Visitor(world)
    signing_in.by_code(hers, ADDRESS)

    played = list(_buys_plays_joins_and_goes_back(hers, instead=things.session.reference))
    tables = (table for table in table_of_urls.ALL if table is not table_of_urls.PROVIDERS)
    addresses = [filled(each, things) for table in tables for each in table.values()]
    answers = [hers.get(f"/{each}") for each in addresses if each != "account/sign-out/"]

    traffic = [json.loads(line) for line in (tmp_path / "traffic.jsonl").read_text("utf-8").splitlines()]
    assert {"payment_intents", "refunds", "customers"} <= {each["path"].split("/")[2] for each in traffic}
    assert _naming_her(f"{each['path']} {each['form_body']}" for each in traffic) == []
    assert world.report(only="kollus")["kollus"]["api_calls"] == [], "its servers are asked about films alone"
    assert _naming_her(played) == []
    said = [logs.JsonFormatter().format(each) for each in caplog.records]
    assert any("order settled" in line for line in said)
    assert _naming_her(said) == []
    assert any(_HER.search(answer.content.decode()) for answer in answers)
    leads = [to for answer in answers for to in _leads(answer)]
    assert len(leads) > 500
    assert _naming_her(leads) == []


def _buys_plays_joins_and_goes_back(hers: Visitor, *, instead: str) -> Iterator[str]:
    """Gives what Kollus' player is given and told of it."""
    first, second = factories.film_on_sale("first"), factories.film_on_sale("second")
    factories.membership(factories.collection(first, second, slug="club"))
    assert _bought(hers, hers.quote("first"))
    link = Link(hers.post("/api/v1/playback/", {"video": "first", "instead": instead}).json()["url"])
    yield f"{link.url} {link.claims}"
    asked = {"items": json.dumps([player.question(link, 1)])}
    yield hers.client.post(player.PLAY, asked | player.question(link, 1)).content.decode()
    order = _bought(hers, hers.quote("second"))
    back = {"reason": "changed_mind", "shown": 790, "words": "It is Ada Sentinel's."}
    assert hers.post(f"/api/v1/orders/{order}/refunds/", back).status_code == 200
    assert _bought(hers, hers.quote("club", kind="collections", offer="membership-month"))


def _bought(hers: Visitor, quote: str) -> str:
    paid = hers.pay(quote, email=ADDRESS).json()
    assert paid["state"] == "paid", paid
    return str(paid["order"])


def _leads(answer: Answer) -> Iterator[str]:
    yield answer.headers.get("Location", "")
    if not answer.streaming and answer.headers.get("Content-Type", "").startswith(
        ("text/", "application/json")
    ):
        yield from _LEADS.findall(answer.content.decode())


def _naming_her(texts: Iterable[str]) -> list[str]:
    return [each for each in texts if _HER.search(unquote(each))]
