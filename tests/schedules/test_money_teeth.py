"""The machine of money bites: where the shop lacks one guard, it finds a schedule that breaks the promise."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from unittest import mock

import pytest
from django.db import IntegrityError
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from billing.disputing import dispute_outcomes, dispute_taxes
from billing.joining import following, renewing
from billing.models import Membership, MembershipPeriod, Order
from billing.refunding import access, refunds
from billing.stripe import stripe_gateway
from billing.stripe.stripe_subscriptions import Invoice
from tests.saboteurs.refunding.guards import any_sum_is_set_aside
from tests.saboteurs.taking_away import dropped
from tests.schedules.long_stage import LongStage
from tests.schedules.money_machine import A_PERIOD_SECONDS, LifeOfMoney
from tests.schedules.test_any_money_schedule import MONEY_SCHEDULES

pytestmark = pytest.mark.django_db(transaction=True)

_Loss = Callable[[], AbstractContextManager[object]]
_MANY = settings(MONEY_SCHEDULES, max_examples=300)
_BITES_SOON = 0


def _instead(owner: object, name: str, replacement: object) -> _Loss:
    return lambda: mock.patch.object(owner, name, replacement)


def _renew(membership: Membership, invoice: Invoice, *, at: datetime) -> None:
    renewing.settle(membership.pk, invoice, stripe_gateway.retrieve(invoice.intent_id), at=at)


@contextmanager
def _any_renewal_is_news() -> Iterator[None]:
    """Neither we nor the database mind whether an invoice was settled before."""
    with ExitStack() as lost:
        lost.enter_context(dropped(Order, "intent_id", "quote_nonce"))
        lost.enter_context(dropped(MembershipPeriod, "invoice_id"))
        first = {"order__membership__isnull": False}
        lost.enter_context(
            mock.patch.object(
                following,
                "_known",
                lambda each: set(each.periods.filter(**first).values_list("invoice_id", flat=True)),
            )
        )
        lost.enter_context(mock.patch.object(following, "_settle", _renew))
        lost.enter_context(mock.patch.object(renewing, "_is_known", lambda membership, invoice: False))
        yield


_NO_CEILING: _Loss = any_sum_is_set_aside
_NO_END: _Loss = _instead(access, "is_ended_by_dispute", lambda order: False)


def test_the_machine_notices_that_nothing_limits_what_goes_back(long_stage: LongStage) -> None:
    """Chance comes to it within a few schedules; where it is not the promise, the database says so."""
    with _NO_CEILING(), pytest.raises((AssertionError, IntegrityError)):
        run_state_machine_as_test(seed(_BITES_SOON)(LifeOfMoney.on(long_stage)), settings=_MANY)


def _bought(life: LifeOfMoney, kind: str, *, how: str = "", is_told: bool = True) -> None:
    astray = {} if is_told else {"drop": 100}
    life.has_bought(kinds=[kind], currency="usd", country="DE", how=how, astray=astray)


def _the_answer_to_a_refund_is_lost(life: LifeOfMoney) -> None:
    _bought(life, "plain", how="drop_after", is_told=False)
    life.staff_give_back(which=0, part=2, ends=False, is_killed=False)


def _a_verdict_is_not_told(life: LifeOfMoney) -> None:
    _bought(life, "plain")
    life.the_bank_disputes(which=0, inquiry=False)
    life.webhooks_arrive()
    life.the_sweep_runs()
    life.webhooks_go_astray({"drop": 100})
    life.the_bank_goes_on(which=0, how="win_dispute")


def _a_dispute_is_lost(life: LifeOfMoney) -> None:
    _bought(life, "plain")
    life.the_bank_disputes(which=0, inquiry=False)
    life.the_bank_goes_on(which=0, how="lose_dispute")


def _a_membership_renews(life: LifeOfMoney) -> None:
    _bought(life, "membership")
    life.weeks_pass(A_PERIOD_SECONDS)
    life.the_sweep_runs()
    life.time_passes(3700)
    life.webhooks_arrive()


_WITHOUT: dict[str, tuple[_Loss, Callable[[LifeOfMoney], None]]] = {
    "the end of access where a bank took the money": (_NO_END, _a_dispute_is_lost),
    "the look whether a renewal is known": (_any_renewal_is_news, _a_membership_renews),
    "the sweep of refunds": (
        _instead(refunds, "sweep", lambda *, at: 0),
        _the_answer_to_a_refund_is_lost,
    ),
    "the sweep of disputes": (
        _instead(dispute_outcomes, "sweep", lambda *, at: 0),
        _a_verdict_is_not_told,
    ),
    "the tax of what was lost": (
        _instead(dispute_taxes, "follow", lambda dispute, order, *, at: None),
        _a_dispute_is_lost,
    ),
}


@pytest.mark.parametrize("part", _WITHOUT)
def test_the_machine_notices_that_the_shop_lacks(part: str, long_stage: LongStage) -> None:
    """Chance may take minutes to come to these schedules, so they are given."""
    loss, play = _WITHOUT[part]
    _play(long_stage, play)

    with loss(), pytest.raises(AssertionError):
        _play(long_stage, play)


def _play(stage: LongStage, play: Callable[[LifeOfMoney], None]) -> None:
    life = LifeOfMoney.on(stage)()
    play(life)
    life.teardown()
