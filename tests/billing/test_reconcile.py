"""`manage.py reconcile` and `manage.py ledger`: three sides that agree, or a sentence says what does not."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Mail
from billing.books import balance, entries, ledger
from billing.books.entries import Line, Posting
from billing.models import BalanceTransaction, LedgerEntry, Order, Refund
from billing.reconciling import reconciliation
from billing.reconciling.differences import Difference
from billing.stripe import stripe_lists
from tests import factories
from tests.attacks import Visitor
from tests.moments import later
from tests.sandbox_client import World
from videos.models import Entitlement

pytestmark = pytest.mark.django_db

ALWAYS_ASKS = "4000002760003184"


@pytest.fixture
def buyer(world: World) -> Visitor:
    factories.film_on_sale("noon")
    return Visitor(world)


@pytest.fixture
def order(buyer: Visitor) -> Order:
    """A sale that is booked, its balance transaction too."""
    made = buyer.pay(buyer.quote("noon")).json()
    balance.fetch(at=later(0))
    return Order.objects.get(reference=made["order"])


@pytest.fixture
def books_are_open(db: None) -> Iterator[None]:
    """Somebody with the database's own rights has taken the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("billing_ledgerentry", "billing_balancetransaction"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield


def found(*, fix: bool = False) -> list[Difference]:
    return list(reconciliation.reconcile(since=later(-3600), until=later(60), at=timezone.now(), fix=fix))


def command(*arguments: str) -> str:
    """What the command says, and why it failed if it did."""
    told = StringIO()
    try:
        call_command(*arguments, stdout=told)
    except CommandError as error:
        told.write(f"FAILED {error}")
    return told.getvalue()


def reconcile(*options: str) -> str:
    return command("reconcile", "--until", later(60).isoformat(), *options)


def test_what_agrees_is_said_to(order: Order) -> None:
    assert found() == []
    assert reconcile() == "Everything agrees.\n"


def test_what_is_still_under_way_is_left_out(buyer: Visitor) -> None:
    _paid_in_silence(buyer)

    assert command("reconcile") == "Everything agrees.\n"


def test_a_lost_sale_is_named_and_settled(buyer: Visitor) -> None:
    order = _paid_in_silence(buyer)
    (before,) = [each for each in found() if order.reference in each.what]

    told = reconcile("--fix")

    assert before.what.startswith("Stripe took $7.90 (ch_")
    assert before.what.endswith(f"for order {order.reference}, which is open.")
    assert "It is settled now." in told
    assert told.endswith("Everything agrees, 2 repaired.\n")  # and the movement of the balance is kept
    order.refresh_from_db()
    assert order.is_paid
    assert Entitlement.objects.filter(reference=order.reference).exists()
    assert Mail.objects.filter(cause=f"receipt:{order.reference}").count() == 1
    assert LedgerEntry.objects.filter(cause=f"sale:{order.reference}").count() == 2
    assert reconcile() == "Everything agrees.\n"


def test_a_sale_that_does_not_fit_is_left_to_somebody(buyer: Visitor) -> None:
    order = _paid_in_silence(buyer)
    Order.objects.update(total_minor=9900)

    told = reconcile("--fix")

    assert "It cannot be settled, its amount does not fit: refund it." in told
    assert told.endswith("FAILED Differences: 1 left, 1 repaired.")
    order.refresh_from_db()
    assert not order.is_paid


def test_money_for_nobody_s_order_is_named(order: Order, world: World) -> None:
    token = world.confirmation_token()
    _foreign_charge(world, token)

    told = reconcile("--fix")

    assert "Stripe took $19.99 (ch_" in told
    assert "for no order of this shop." in told
    assert told.endswith("FAILED Differences: 1 left, 0 repaired.")


def test_money_taken_twice_is_named(order: Order, world: World) -> None:
    _foreign_charge(world, world.confirmation_token(), **{"metadata[order]": order.reference})

    assert any(f"a second time for order {order.reference}." in each.what for each in found(fix=True))


def test_a_movement_that_was_not_fetched_is_named_and_kept(buyer: Visitor) -> None:
    buyer.pay(buyer.quote("noon"))

    before = [each.what for each in found()]
    told = reconcile("--fix")

    assert any(each.startswith("Stripe's charge of $7.37 (txn_") for each in before)
    assert told == "Everything agrees.\n"  # it is fetched first
    assert BalanceTransaction.objects.count() == 1


def test_a_movement_that_came_in_between_is_kept_too(buyer: Visitor, order: Order) -> None:
    late = Visitor(buyer.world)
    late.pay(late.quote("noon"))
    newest = Visitor(buyer.world)
    newest.pay(newest.quote("noon"))
    moved = list(stripe_balance())
    balance.keep(moved[:1])  # the newest, so that fetching passes over the one before

    told = reconcile("--fix")

    assert "is not kept here.\n    It is kept and booked now." in told
    assert told.endswith("Everything agrees, 1 repaired.\n")
    assert reconcile() == "Everything agrees.\n"


def test_a_paid_order_that_stripe_knows_nothing_of_is_named(order: Order) -> None:
    Order.objects.update(intent_id="pi_of_another_account")

    told = [each.what for each in found(fix=True)]

    assert any("is paid here, but nothing that Stripe did to the balance shows it." in each for each in told)


def test_a_refund_from_the_dashboard_is_named_and_noted(order: Order, world: World) -> None:
    made = world.api("POST", "refunds", payment_intent=order.intent_id, amount=300)

    (before, *_) = found()
    told = reconcile("--fix")

    assert before.what.startswith(f"Stripe gave back $3.00 ({made['id']}) of payment {order.intent_id}")
    assert told.endswith("Everything agrees, 1 repaired.\n")
    refund = Refund.objects.get(refund_id=made["id"])
    assert (refund.state, refund.amount_minor, refund.asker) == ("succeeded", 300, "stripe")
    assert LedgerEntry.objects.filter(cause=f"refund:{made['id']}").count() == 2
    assert reconcile() == "Everything agrees.\n"


def test_a_refund_that_failed_unnoticed_is_named_and_noted(order: Order, world: World) -> None:
    made = world.api("POST", "refunds", payment_intent=order.intent_id, amount=300)
    reconcile("--fix")
    world.fail_refund(made["id"])

    told = reconcile("--fix")

    assert f"Refund {made['id']} is succeeded here and failed at Stripe." in told
    assert told.endswith("Everything agrees, 1 repaired.\n")
    assert Refund.objects.get().state == Refund.State.FAILED
    assert sum(LedgerEntry.objects.filter(account="refunds").values_list("amount_minor", flat=True)) == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount_minor": 301}, "is $3.01 here and $3.00 at Stripe."),
        ({"state": "failed", "failed_at": timezone.now()}, "is failed here and succeeded at Stripe."),
        (
            {"refund_id": "re_unknown"},
            "is given back here, but nothing that Stripe did to the balance shows it.",
        ),
    ],
)
def test_a_refund_that_differs_is_named(
    order: Order, world: World, fields: dict[str, Any], words: str
) -> None:
    made = world.api("POST", "refunds", payment_intent=order.intent_id, amount=300)
    _note_refund(order, made["id"], **fields)

    told = [each.what for each in found(fix=True)]

    assert any(each.endswith(words) for each in told), told


def test_a_noted_refund_agrees_and_so_does_its_failure(order: Order, world: World) -> None:
    made = world.api("POST", "refunds", payment_intent=order.intent_id, amount=300)
    refund = _note_refund(order, made["id"])
    assert reconcile("--fix").endswith("Everything agrees, 1 repaired.\n")
    world.fail_refund(made["id"])
    refund.become(Refund.State.FAILED, at=timezone.now())

    told = reconcile("--fix")

    assert told.endswith("Everything agrees, 1 repaired.\n")
    assert reconcile() == "Everything agrees.\n"
    sides = LedgerEntry.objects.filter(account="refunds").values_list("amount_minor", flat=True)
    assert sum(sides) == 0
    assert len(sides) == 2


def test_a_sale_that_is_not_booked_is_named_and_booked(order: Order, books_are_open: None) -> None:
    LedgerEntry.objects.filter(cause=f"sale:{order.reference}").delete()

    before = reconcile()
    after = reconcile("--fix")

    assert f"sale:{order.reference} is not in the ledger." in before
    assert before.endswith("FAILED Differences: 1 left, 0 repaired.")
    assert after.endswith("Everything agrees, 1 repaired.\n")
    assert reconcile() == "Everything agrees.\n"


def test_tampered_books_are_named(order: Order, books_are_open: None) -> None:
    LedgerEntry.objects.filter(cause=f"sale:{order.reference}", account="sales").update(amount_minor=-1)
    invented = (Line("sales", "usd", 5), Line("refunds", "usd", -5))
    entries.post([Posting("sale:invented", timezone.now(), invented)])
    BalanceTransaction.objects.update(amount_minor=791, net_minor=738)

    told = "\n".join(each.what for each in found(fix=True))
    checked = command("ledger", "rebuild", "--check")

    assert f"sale:{order.reference} is booked otherwise than its record says." in told
    assert "sale:invented is in the ledger, but no record says why." in told
    assert "is $7.38 here and $7.37 at Stripe." in told
    assert f"sale:{order.reference} is booked otherwise than its record says\n" in checked
    assert "sale:invented is booked, but no record says why\n" in checked
    assert checked.endswith("FAILED The ledger is not what the records say.")


def test_the_ledger_is_derived_again_with_the_same_hash(order: Order) -> None:
    told = command("ledger", "rebuild", "--check").splitlines()

    assert told[0].removeprefix("from the records: ") == told[1].removeprefix("in the ledger:    ")
    assert told[0].startswith("from the records: 2 sets, hash ")
    assert told[2] == "They are the same."


def test_a_rebuild_books_what_is_missing(order: Order, books_are_open: None) -> None:
    whole = ledger.check().booked.hash
    LedgerEntry.objects.filter(cause__startswith="sale:").delete()

    checked = command("ledger", "rebuild", "--check")
    rebuilt = command("ledger", "rebuild")

    assert f"sale:{order.reference} is not booked\n" in checked
    assert rebuilt.startswith("Booked 2 missing entries.\n")
    assert rebuilt.endswith("They are the same.\n")
    assert ledger.check().booked.hash == whole


def test_a_silent_stripe_is_told_of(order: Order, world: World) -> None:
    world.faults(stripe={"fail_next": [{"call": "GET /v1/charges", "how": "503"}]})

    assert reconcile().endswith("FAILED Stripe does not answer. What is said above holds; run it again.")


def test_another_account_s_key_is_told_of(order: Order, world: World, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = world.sandbox.world().secret_key

    assert "these may be another account's records." in reconcile("--fix")
    assert "is kept here and unknown to Stripe." in reconcile()


@pytest.mark.parametrize("options", [["--since", "yesterday"], ["--since", "2026-11-31"]])
def test_a_date_that_is_none_is_refused(options: list[str], db: None) -> None:
    assert "is no date: write it as 2026-11-01" in command("reconcile", *options)


def test_nothing_between_two_dates_is_refused(db: None) -> None:
    told = command("reconcile", "--since", "2026-11-02", "--until", "2026-11-01T09:30")

    assert told == "FAILED Nothing lies between these two dates."


def stripe_balance() -> Iterator[BalanceTransaction]:
    return stripe_lists.balance_between(later(-60), later(60))


def _paid_in_silence(buyer: Visitor) -> Order:
    """The bank said yes and nobody told the shop."""
    asked = buyer.pay(buyer.quote("noon"), card=ALWAYS_ASKS).json()
    assert buyer.world is not None
    buyer.world.challenge(asked["challenge_url"], passed=True)
    return Order.objects.get(reference=asked["order"])


def _foreign_charge(world: World, token: str, **more: str) -> None:
    world.api(
        "POST",
        "payment_intents",
        amount=1999,
        currency="usd",
        confirm="true",
        confirmation_token=token,
        return_url="http://localhost/",
        use_stripe_sdk="false",
        **{"allowed_payment_method_types[0]": "card"} | more,
    )


def _note_refund(order: Order, made: str, **fields: Any) -> Refund:
    now = timezone.now()
    usual: dict[str, Any] = {
        **{"number": 1, "state": "succeeded", "amount_minor": 300, "currency": "usd", "reason": "other"},
        **{"ends_access": False, "asker": "shop", "idempotency_key": "key", "refund_id": made},
        **{"intent_id": order.intent_id, "asked_at": now, "succeeded_at": now},
    }
    return Refund.objects.create(order=order, **usual | fields)
