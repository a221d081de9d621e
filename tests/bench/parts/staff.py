"""The office's lists at many orders, first page and deep, as a colleague opens them."""

import os
import statistics
import time
from collections.abc import Iterator

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from accounts.models import User
from tests.bench import history, load
from tests.bench.crowd import cookie_of
from tests.bench.figures import Figure, at_most, told
from tests.bench.load import request
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage

BOUND_MS = 150
_LISTS = {
    "orders": ("billing/order", "billing_order"),
    "payments": ("billing/payment", "billing_payment"),
    "Stripe events": ("billing/stripeevent", "billing_stripeevent"),
    "entitlements": ("videos/entitlement", "videos_entitlement"),
    "playback sessions": ("videos/playbacksession", "videos_playbacksession"),
    "progress": ("videos/watchprogress", "videos_watchprogress"),
    "mails": ("accounts/mail", "accounts_mail"),
}
_TIMES = 5


def measure(stage: Stage) -> Iterator[Figure]:
    orders = int(os.environ.get("MATINEE_BENCH_ORDERS", "100000"))
    history.write(orders)
    cookie = _colleague()
    for name, (path, table) in _LISTS.items():
        pages = {"first page": "", "deep page": f"?p={_middle(table)}"}
        for which, query in pages.items():
            yield from _look(stage, f"{name} at {orders:,} orders, {which}", f"/admin/{path}/{query}", cookie)
    searches = {"reference": history.reference_of(orders // 2), "e-mail": history.email_of(orders // 2)}
    for what, term in searches.items():
        name = f"orders at {orders:,} orders, search by {what}"
        yield from _look(stage, name, f"/admin/billing/order/?q={term}", cookie)


def _look(stage: Stage, name: str, path: str, cookie: str) -> Iterator[Figure]:
    raw = request("GET", path, {"Cookie": cookie, "Accept-Language": "en"})
    statements, times = sql_of(stage.shop.port, raw), []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        load.ask(stage.shop.port, raw)
        times.append(1000 * (time.perf_counter() - begun))
    yield at_most(f"staff, {name}", statistics.median(times), BOUND_MS, "ms", (min(times), max(times)))
    yield told(f"staff, {name}: SQL", statements, "statements")


def _middle(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (min(id) + max(id)) / 2 FROM {table}")  # noqa: S608 (a name of ours)
        return int(cursor.fetchone()[0])


def _colleague() -> str:
    cho = User.objects.create_superuser("cho@example.com")
    session = SessionStore()
    session[SESSION_KEY] = str(cho.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = cho.get_session_auth_hash()
    return cookie_of(session)
