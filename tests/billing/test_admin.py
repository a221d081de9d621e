"""Orders with their whole story, and the inbox with its replay."""

import secrets
from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from billing.admin import searching
from billing.models import Order, Payment, StripeEvent
from billing.stripe import stripe_gateway
from tests import factories, office
from tests.buyer import Buyer
from tests.conftest import Shop
from videos.models import Entitlement, Offer

ALWAYS_ASKS = "4000002760003184"
POOR = "4000000000009995"


def _event(object_id: str = "", **fields: Any) -> StripeEvent:
    now = timezone.now()
    return StripeEvent.objects.create(
        event_id=f"evt_{secrets.token_hex(8)}",
        object_id=object_id,
        api_version=stripe_gateway.API_VERSION,
        livemode=False,
        created_at=now,
        received_at=now,
        **{"type": "payment_intent.succeeded"} | fields,
    )


def _events(count: int) -> None:
    for _ in range(count):
        _event()


def _orders(count: int) -> None:
    offer = Offer.objects.first() or factories.offer(factories.video())
    price = offer.prices.get(currency="usd")
    now = timezone.now()
    for _ in range(count):
        order = Order.objects.create(
            visitor=secrets.token_hex(8),
            email="ada@example.com",
            language="en",
            offer=offer,
            price=price,
            total_minor=790,
            currency="usd",
            quote_nonce=secrets.token_hex(8),
            created_at=now,
        )
        Payment.objects.create(
            order=order,
            number=1,
            amount_minor=790,
            currency="usd",
            idempotency_key=f"{order.reference}-1",
            confirmation_token=f"ctoken_{order.reference}",
            sent_at=now,
        )


def _paid(number: int, at: str) -> dict[str, Any]:
    facts = {"paid_at": at, "intent_id": f"pi_{number}", "card_last4": "4242"}
    return {"state": Order.State.PAID, **facts}


def _copies(order: Order, count: int) -> list[Order]:
    rows = [copy(order) for _ in range(count)]
    for row in rows:
        row.pk, row.reference, row.quote_nonce = None, secrets.token_hex(16), secrets.token_hex(8)
        row.visitor = row.quote_nonce
    return rows


@pytest.mark.django_db
@pytest.mark.parametrize("model, fill", [(Order, _orders), (Payment, _orders), (StripeEvent, _events)])
def test_a_list_costs_the_same_however_long_it_is(
    cho: User, model: type[Model], fill: Callable[[int], None]
) -> None:
    browser = office.signed_in(cho)
    fill(5)
    short = office.statements(browser, office.page(model))
    fill(55)

    long = office.statements(browser, office.page(model))

    assert len(long) == len(short) <= 3
    assert not any("COUNT(" in sql for sql in long)


@pytest.mark.django_db
def test_an_orders_story_costs_the_same_however_long_it_is(cho: User) -> None:
    _orders(1)
    order, browser = Order.objects.get(), office.signed_in(cho)
    Order.objects.update(intent_id="pi_1")
    _event("pi_1")
    short = office.statements(browser, office.page(Order, "change", order.pk))
    for _ in range(20):
        _event("pi_1")

    long = office.statements(browser, office.page(Order, "change", order.pk))

    assert len(long) == len(short) <= 14


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Order, Payment])
@pytest.mark.parametrize("by", ["email", "reference", "beginning", "intent"])
def test_money_is_found_by_what_a_buyer_or_stripe_names(cho: User, model: type[Model], by: str) -> None:
    _orders(2)
    order = Order.objects.order_by("pk")[0]
    Order.objects.filter(pk=order.pk).update(intent_id="pi_Ab3", email="bo@example.com")
    terms = {
        **{"email": "Bo@example.com", "reference": order.reference},
        **{"beginning": order.reference[:8], "intent": "pi_Ab3"},
    }

    found = office.text(office.signed_in(cho).get(office.page(model), {"q": terms[by]}))

    assert "1 shown" in found
    assert order.reference[:8] in found


@pytest.mark.django_db
def test_an_order_is_found_by_the_day_and_the_card_s_last_digits(cho: User) -> None:
    _orders(4)
    early, late, other, open_since = Order.objects.order_by("pk")
    of_that_day = {early: "2026-06-30T10:00Z", late: "2026-07-02T11:59Z", other: "2026-07-01T12:00Z"}
    for number, (order, at) in enumerate(of_that_day.items()):
        Order.objects.filter(pk=order.pk).update(**_paid(number, at), created_at=at)
    Order.objects.filter(pk=other.pk).update(card_last4="1111")
    before = {"created_at": "2026-06-20T12:00Z"}  # begun, left, and paid for later
    Order.objects.filter(pk=open_since.pk).update(**_paid(3, "2026-07-01T12:00Z"), **before)
    browser = office.signed_in(cho)

    def shown(term: str) -> list[Order]:
        return list(browser.get(office.page(Order), {"q": term}).context["cl"].result_list)

    assert shown("2026-07-01") == [other, late, early]
    assert shown("2026. 7. 1.") == [other, late, early]
    assert shown("2026-07-03") == [late]
    assert shown("2026-07-04") == []
    assert shown("2026-07-01 4242") == shown("4242 2026/07/01") == [open_since, late, early]
    assert shown("1111 ada@example.com 2026-07-01") == [other]
    assert shown("1111 bo@example.com 2026-07-01") == []


@pytest.mark.django_db
def test_orders_of_a_day_are_looked_for_by_an_index_and_are_not_all_listed(cho: User) -> None:
    browser, today = office.signed_in(cho), f"?q={timezone.now():%Y-%m-%d}"
    _orders(5)
    short = office.statements(browser, office.page(Order) + today)
    _orders(55)
    long = office.statements(browser, office.page(Order) + today)
    few = office.text(browser.get(office.page(Order) + today))
    first = Order.objects.order_by("pk")[0]
    Order.objects.bulk_create(_copies(first, searching.OF_A_DAY_AT_MOST))

    many = office.text(browser.get(office.page(Order) + today))

    assert len(long) == len(short) <= 4
    assert not any("COUNT(" in sql for sql in long)
    told = "These are the newest thousand of that day."
    assert (told in few, told in many) == (False, True)
    (looked,) = [sql for sql in long if str(searching.OF_A_DAY_AT_MOST + 1) in sql]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {looked}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "order_newest" in plan
    assert "Index Cond" in plan


@pytest.mark.django_db
def test_the_inbox_is_filtered_and_searched(cho: User) -> None:
    _orders(1)
    order = Order.objects.get()
    Order.objects.update(intent_id="pi_1")
    waiting = _event("pi_1")
    done = _event("ch_1", type="charge.succeeded", processed_at=timezone.now())
    browser = office.signed_in(cho)

    def shown(**query: str) -> set[str]:
        body = office.text(browser.get(office.page(StripeEvent), query))
        return {event.event_id for event in (waiting, done) if event.event_id in body}

    assert shown(state="waiting") == shown(type="payment_intent.succeeded") == {waiting.event_id}
    assert shown(state="processed") == shown(type="charge.succeeded") == {done.event_id}
    assert shown(q="pi_1") == shown(q=order.reference) == shown(q=waiting.event_id) == {waiting.event_id}


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Order, Payment, StripeEvent])
@pytest.mark.parametrize("what", ["add", "change", "delete"])
def test_money_can_only_be_read(cho: User, model: type[Model], what: str) -> None:
    _orders(1)
    _events(1)
    row = model._default_manager.get()
    before = model._default_manager.values().get()

    refused = office.signed_in(cho).post(
        office.page(model, what, *([] if what == "add" else [row.pk])), {"post": "yes", "state": "paid"}
    )

    assert refused.status_code == 403
    assert model._default_manager.values().get() == before


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Order, Payment, StripeEvent])
def test_staff_without_rights_see_nothing(bo: User, model: type[Model]) -> None:
    assert office.signed_in(bo).get(office.page(model)).status_code == 403


@pytest.fixture
def buyer(shop: Shop, transactional_db: None) -> Buyer:
    factories.film_on_sale("noon")
    return Buyer(shop.url, shop.world)


def test_an_order_tells_its_whole_story(buyer: Buyer, cho: User) -> None:
    buyer.world.faults(webhooks={"pause": True})
    quote = buyer.quote("noon")
    buyer.pay(quote, card=POOR)
    asked = buyer.pay(quote, card=ALWAYS_ASKS).json()
    buyer.another_card(asked["order"])
    buyer.pay(quote)
    order = Order.objects.get()
    assert order.intent_id
    event = _event(order.intent_id)

    story = office.text(office.signed_in(cho).get(office.page(Order, "change", order.pk)))

    told = story[story.index("What happened") :]
    steps = [
        *("Order opened", "Attempt 1 sent", "Attempt 1: Refused", "insufficient_funds", "Attempt 2 sent"),
        *("the bank asked the buyer", "Attempt 2: Given up", "Attempt 3 sent", "Attempt 3: Succeeded"),
        *("Right to watch given", "Playback opened", "Stripe told us: payment_intent.succeeded"),
    ]
    assert [told.index(step) for step in steps] == sorted(told.index(step) for step in steps)
    assert "Mail waits: receipt" in told
    assert office.page(StripeEvent, "change", event.pk) in told


def test_a_replayed_event_settles_and_the_record_says_who_asked(buyer: Buyer, cho: User, shop: Shop) -> None:
    shop.world.faults(webhooks={"pause": True})
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    buyer.world.challenge(asked["challenge_url"], passed=True)
    event = _event(
        buyer.world.objects("payment_intent")[0]["id"], processed_at=timezone.now(), outcome="open"
    )

    told = office.act(office.signed_in(cho), "replay", event)

    assert f"Replayed {event.event_id}: paid" in office.text(told)
    assert Order.objects.get().is_paid
    assert Entitlement.objects.count() == 1
    assert (LogEntry.objects.get().user, LogEntry.objects.get().object_id) == (cho, str(event.pk))


def test_while_stripe_is_down_a_replay_says_so_and_leaves_the_rest(
    buyer: Buyer, cho: User, shop: Shop
) -> None:
    first, second = _event("pi_1", processed_at=timezone.now()), _event("pi_2", processed_at=timezone.now())
    shop.world.faults(stripe={"fail_next": [{"call": "*", "times": 9, "how": "503"}]})

    told = office.act(office.signed_in(cho), "replay", first, second)

    first.refresh_from_db()
    second.refresh_from_db()
    assert "Stripe did not answer" in office.text(told)
    assert first.processed_at is None
    assert second.processed_at


def test_who_may_only_look_replays_nothing(buyer: Buyer, bo: User) -> None:
    event = _event("pi_1", processed_at=timezone.now())
    browser = office.signed_in(bo, "billing.view_stripeevent")

    office.act(browser, "replay", event)

    event.refresh_from_db()
    assert event.attempts == 0
    assert "Replay" not in office.text(browser.get(office.page(StripeEvent, "change", event.pk)))
