"""Shows that a refusal refuses: 4xx, a sentence in the asker's form, and every table as it was."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client

from tests.buyer import EMAIL, choices
from tests.sandbox_client import World

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Answer = _MonkeyPatchedWSGIResponse
else:
    Answer = HttpResponse
Send = Callable[[], Answer]

# Being asked may leave a session; what staff do leaves a trail.
EXCEPTED: Final = {"sessions.Session", "admin.LogEntry"}
MEGABYTE: Final = 1024 * 1024
_BY_SCRIPT: Final = {"content_type": "application/json"}


class Visitor:
    """One browser session at the shop, in this process; an exception in the shop is a 500 here as well."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def get(self, path: str, **options: Any) -> Answer:
        return self.client.get(path, **options)

    def post(self, path: str, body: Any = None, *, csrf: bool = True, **options: Any) -> Answer:
        """Send JSON as the page's script does; `bytes` go as they are."""
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        if csrf:
            options["headers"] = {"X-CSRFToken": self.csrf_token, **options.get("headers", {})}
        return self.client.generic("POST", path, data, **_BY_SCRIPT | options)

    def post_form(self, path: str, **fields: str) -> Answer:
        """Send a form, as a page does that has one."""
        return self.client.post(path, {"csrfmiddlewaretoken": self.csrf_token, **fields})

    @property
    def csrf_token(self) -> str:
        for page in ("/account/sign-in/", "/library/"):  # the first sends a signed-in one on
            if "csrftoken" not in self.client.cookies:
                self.get(page)
        return self.client.cookies["csrftoken"].value

    def quote(self, slug: str, *, kind: str = "videos", offer: str = "own", **query: str) -> str:
        """The signed price of one offer, shown to this browser."""
        panel = self.get(f"/checkout/{kind}/{slug}/panel/", data=query)
        return next(each.quote for each in choices(panel.content.decode()) if each.kind == offer)

    def pay(self, quote: str, *, card: str = "4242424242424242", **given: Any) -> Answer:
        """Press Pay. `given` overrides or adds fields of the request."""
        return self.post("/api/v1/orders/", self.payment(quote, card=card) | given)

    def payment(self, quote: str, *, card: str = "4242424242424242") -> dict[str, Any]:
        """What Pay sends."""
        assert self.world is not None
        token = self.world.confirmation_token(card)
        return {"quote": quote, "confirmation_token": token, "email": EMAIL, "time_zone": "Asia/Seoul"}


def state() -> dict[str, str]:
    """A hash of all rows of each table, by model."""
    models = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    with connection.cursor() as cursor:
        return {each._meta.label: _hash(cursor, each) for each in models if each._meta.label not in EXCEPTED}


def assert_refused(
    subtests: pytest.Subtests,
    attacks: Mapping[str, Send],
    *,
    honest: Send,
    expected: range | set[int] = range(400, 500),
) -> None:
    """Make each attack, see it refused in words with nothing changed; then see the honest request succeed."""
    before = state()
    for what, attack in attacks.items():
        with subtests.test(what):
            answer = attack()
            assert answer.status_code in expected, answer.content[:300]
            assert says_something(answer), answer.content[:300]
            assert [table for table, rows in state().items() if rows != before[table]] == []
    answer = honest()
    assert answer.status_code in range(200, 400), answer.content[:300]


def says_something(answer: Answer) -> bool:
    """Whether who asked is told something: by a page, by JSON or by a line of text."""
    kind, text = answer.headers.get("Content-Type", ""), answer.content.decode()
    if kind.startswith("application/json"):
        return bool(re.fullmatch(r"\S.*[.?]", json.loads(text)["sentence"]))
    if kind.startswith("text/html"):
        return bool(re.search(r"<h1>[^<]{5,}</h1>\s*<p>[^<]{5,}</p>", text))
    return kind.startswith("text/plain") and len(text) > 5


def without_nonces(answer: Answer) -> bytes:
    """The body, less what differs from one answer to the next by its nature."""
    return re.sub(rb'(nonce|value|content)="[^"]*"', b"", answer.content)


def _hash(cursor: CursorWrapper, model: type[Model]) -> str:
    """By plain SQL, since it is taken hundreds of times."""
    assert model._meta.pk is not None
    cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')  # noqa: S608
    return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
