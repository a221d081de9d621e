"""Attacks on whose a purchase is: an owner who is replaced, and an address proved while an order settles."""

from functools import partial

from django.utils import timezone

from accounts import identity
from accounts.models import Pass, User
from billing.models import Order
from billing.owning import ownership
from billing.settling import fulfilment
from billing.stripe import stripe_gateway
from tests import promises
from tests.concurrency.racing import overtaken
from tests.concurrency.stage import Stage
from videos.models import Entitlement


def an_address_is_proved_while_its_order_settles(stage: Stage) -> None:
    ada, order = _user("ada@example.com"), stage.open_order()
    stage.pass_challenge(order)
    intent = stripe_gateway.retrieve(order.intent_id or "")
    settle = partial(fulfilment.settle, order.pk, intent, at=timezone.now())

    overtaken(settle, partial(ownership.claim, ada, visitor=""), owner=fulfilment, name="_check")

    promises.keep(Entitlement.objects.get().user == ada, "the right has no owner")


def a_pass_is_taken_along_by_two(stage: Stage) -> None:
    """The second signs in with what the first one left in the browser."""
    ada, bo = _user("ada@example.com"), _user("bo@example.com")
    identity.give_pass(visitor="v", reference="a-purchase")
    ownership.claim(ada, visitor="v")

    ownership.claim(bo, visitor="v")

    promises.keep(Pass.objects.get().user == ada, "the pass has another user")


def an_order_of_somebody_s_is_claimed(stage: Stage) -> None:
    """Bo bought it signed in, under an address that is Ada's by now."""
    stage.world.faults(webhooks={"pause": True})
    stage.stranger().buy("noon")
    ada, bo = _user("ada@example.com"), _user("bo@example.com")
    Order.objects.update(user=bo)
    Entitlement.objects.update(user=bo)

    ownership.claim(ada, visitor="")

    promises.keep(Order.objects.get().user == bo, "the order has another owner")


def _user(email: str) -> User:
    return User.objects.create_user(email)
