"""The office's lists at many orders, first page and deep, as a colleague opens them."""

import os
import statistics
import time
from collections.abc import Iterator

from django.db import connection

from accounts.models import User
from tests.bench import history, load
from tests.bench.crowd import cookie_of_user
from tests.bench.figures import Figure, at_most, told
from tests.bench.load import request
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage
from tests.office import second_step_marks

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
# What is rare, or not there at all, is the dearest to look for.
_FILTERS = {
    "orders, open ones": "billing/order/?state__exact=open",
    "payments, refused ones": "billing/payment/?state__exact=refused",
    "Stripe events, waiting ones": "billing/stripeevent/?state=waiting",
    "Stripe events, refunds created": "billing/stripeevent/?type=refund.created",
    "entitlements, revoked ones": "videos/entitlement/?state=revoked",
    "entitlements, ended ones": "videos/entitlement/?state=ended",
    "mails, failing ones": "accounts/mail/?state=failing",
}
_TIMES = 5


def measure(stage: Stage) -> Iterator[Figure]:
    orders = int(os.environ.get("MATINEE_BENCH_ORDERS", "100000"))
    history.write(orders)
    statements, cookie = 0, colleague()
    for name, path in _pages(orders):
        headers = {"Cookie": cookie, "Accept-Language": "en"}
        raw = request("GET", f"/admin/{path}", headers)
        statements = max(statements, sql_of(stage.shop.port, raw))
        times = [time_of(stage.shop.port, raw) for _ in range(_TIMES)]
        span = min(times), max(times)
        yield at_most(f"staff at {orders:,} orders, {name}", statistics.median(times), BOUND_MS, "ms", span)
    yield told(f"staff at {orders:,} orders: SQL of the dearest list", statements, "statements")


def _pages(orders: int) -> Iterator[tuple[str, str]]:
    for name, (path, table) in _LISTS.items():
        yield f"{name}, first page", f"{path}/"
        yield f"{name}, deep page", f"{path}/?p={_middle(table)}"
    yield from _FILTERS.items()
    reference, email = history.reference_of(orders // 2), history.email_of(orders // 2)
    yield "orders by reference", f"billing/order/?q={reference}"
    yield "orders by e-mail", f"billing/order/?q={email}"
    yield "orders of a day", f"billing/order/?q={history.day_of(orders // 2)}"
    yield "payments by e-mail", f"billing/payment/?q={email}"
    yield "Stripe events by intent", f"billing/stripeevent/?q=pi_bench{orders // 2}"
    yield "entitlements by reference", f"videos/entitlement/?q={reference}"
    yield "mails by e-mail", f"accounts/mail/?q={email}"


def time_of(port: int, raw: bytes) -> float:
    begun = time.perf_counter()
    load.ask(port, raw)
    return 1000 * (time.perf_counter() - begun)


def _middle(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (min(id) + max(id)) / 2 FROM {table}")  # noqa: S608 (a name of ours)
        return int(cursor.fetchone()[0])


def colleague() -> str:
    """Return a cookie of Cho, who sees all; she is the same person each time."""
    cho = User.objects.filter(email="cho@example.com").first() or User.objects.create_superuser(
        "cho@example.com"
    )
    return cookie_of_user(cho, second_step_marks(cho))
