"""Somebody proves an address while an order of that address is being settled: it ends as his, either way."""

from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import User
from billing.models import Order
from billing.owning import ownership
from billing.settling import fulfilment
from billing.stripe import stripe_gateway
from tests import promises
from tests.concurrency.racing import all_at_once, overtaken
from tests.concurrency.stage import Stage
from tests.saboteurs.taking_away import no_row_locks
from videos import entitlements
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_the_lock_a_right_is_left_without_its_owner(stage: Stage, ada: User) -> None:
    settle, claim = _both(stage, ada)

    with no_row_locks():
        overtaken(settle, claim, owner=fulfilment, name="_check")

    assert Order.objects.get().user == ada
    assert Entitlement.objects.get().user is None


def test_the_address_is_proved_while_the_order_settles(stage: Stage, ada: User) -> None:
    settle, claim = _both(stage, ada)

    overtaken(settle, claim, owner=fulfilment, name="_check")

    _is_hers(stage, ada)


def test_the_order_settles_while_the_address_is_proved(stage: Stage, ada: User) -> None:
    settle, claim = _both(stage, ada)

    overtaken(claim, settle, owner=entitlements, name="hand_over")

    _is_hers(stage, ada)


def test_four_proofs_and_four_witnesses_at_once(stage: Stage, ada: User) -> None:
    settle, claim = _both(stage, ada)

    all_at_once(*[settle, claim] * 4)

    _is_hers(stage, ada)


def _both(stage: Stage, ada: User) -> "tuple[Callable[[], object], Callable[[], object]]":
    order = stage.open_order()
    stage.pass_challenge(order)
    intent = stripe_gateway.retrieve(order.intent_id or "")
    settle = partial(fulfilment.settle, order.pk, intent, at=timezone.now())
    return settle, partial(ownership.claim, ada, visitor="")


def _is_hers(stage: Stage, ada: User) -> None:
    assert Order.objects.get().user == Entitlement.objects.get().user == ada
    promises.sold(stage.world)
