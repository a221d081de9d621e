"""After Ada is erased the books balance, Stripe has no customer of her, and its payments are as they were."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Mail
from billing.books import balance
from billing.joining import following, leaving
from billing.models import ErasedCustomer, Erasure, Membership, Order
from billing.privacy import erasing, forgetting
from tests import factories
from tests.attacks import Visitor
from tests.billing.club import Club
from tests.buyer import EMAIL
from tests.conftest import Shop
from tests.moments import later
from tests.privacy import dump
from tests.sandbox_client import World

DELETE = "DELETE /v1/customers/{customer}"


def erase() -> Erasure | None:
    return erasing.erase(EMAIL, by=Erasure.By.STAFF, at=timezone.now())


@pytest.mark.django_db
def test_orders_ledger_and_stripe_agree_as_before(world: World) -> None:
    factories.film_on_sale("noon")
    visitor = Visitor(world)
    order = Order.objects.get(reference=visitor.pay(visitor.quote("noon")).json()["order"])
    balance.fetch(at=later(0))

    assert erase()

    told = io.StringIO()
    call_command("reconcile", stdout=told)
    call_command("ledger", "rebuild", check=True, stdout=told)
    assert "They are the same." in told.getvalue()
    assert dump.naming(EMAIL) == []
    assert Order.objects.get(pk=order.pk).total_minor == order.total_minor
    assert visitor.get(f"/orders/{order.reference}/").status_code == 404
    assert visitor.get("/library/").content.decode().count("/videos/noon/") <= 1


@pytest.fixture
def club(shop: Shop) -> Club:
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    return made


@pytest.mark.django_db(transaction=True)
def test_a_customer_is_deleted_at_stripe_and_what_he_had_ends(club: Club) -> None:
    leaving.leave(Membership.objects.get(), at=timezone.now())
    assert erase()

    assert forgetting.sweep(at=timezone.now()) == 1
    following.sweep(at=timezone.now() + timedelta(minutes=2))

    assert club.world.objects("customer") == []
    assert [each["status"] for each in club.world.objects("subscription")] == ["canceled"]
    assert [each["customer"] for each in club.world.objects("payment_method") if each["customer"]] == []
    assert Membership.objects.get().state == "ended"
    assert dump.naming(EMAIL) == []
    assert not Mail.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_customer_who_is_gone_already_is_done_with(club: Club) -> None:
    leaving.leave(Membership.objects.get(), at=timezone.now())
    assert erase()
    assert forgetting.sweep(at=timezone.now()) == 1
    ErasedCustomer.objects.update(forgotten_at=None)  # as if our note of it had been lost

    assert forgetting.sweep(at=timezone.now()) == 1
    assert forgetting.sweep(at=timezone.now()) == 0
