"""Ada is erased: nothing in the whole database names her, and what the law makes us keep is all there."""

import io
import re
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.functional import Promise

from accounts import mailing
from accounts.models import Mail, User
from billing.models import (
    Company,
    Dispute,
    ErasedCustomer,
    Erasure,
    Membership,
    Order,
    Payment,
    Refund,
    Withdrawal,
)
from billing.privacy import erasing, persons
from tests import signing_in
from tests.attacks import Answer, Visitor, state
from tests.privacy import adas_things, dump
from tests.privacy.adas_things import BEFORE, KOREAN, PASSKEY, PHONE, VISITOR, Things
from tests.saboteurs import rows

pytestmark = pytest.mark.django_db

NAMES = ("ada@example.com", BEFORE, "Lovelace", KOREAN, "St James", "DE811907980", PHONE, PASSKEY, VISITOR)


@pytest.fixture
def ada(ada: User) -> User:
    ada.name = "Ada Lovelace"
    ada.save()
    return ada


@pytest.fixture
def things(ada: User) -> Things:
    """All that there can be of her; her membership does not renew any more, but its days are not over."""
    made = adas_things.of(ada)
    Membership.objects.update(cancels_at_period_end=True)
    return made


def test_nothing_in_the_whole_database_names_her(things: Things, ada: User, bo: User) -> None:
    adas = Visitor()
    signing_in.by_code(adas, ada.email)
    assert len(dump.naming(*NAMES)) > 20
    assert [name for name in NAMES if not dump.naming(name)] == []

    done = _erase_by_account(adas, ada.email)

    assert "You are erased" in done.content.decode()
    assert dump.naming(*NAMES) == []
    assert not signing_in.is_signed_in(adas)
    assert adas.get(f"/orders/{things.order.reference}/").status_code == 404
    assert "bo@example.com" in dump.whole()


def test_what_the_law_makes_us_keep_is_all_there(things: Things, ada: User) -> None:
    facts = (
        "reference",
        "total_minor",
        "currency",
        "tax_minor",
        "refunded_minor",
        "receipt_number",
        "paid_at",
    )
    kept = list(Order.objects.order_by("pk").values_list(*facts))
    refunds = list(
        Refund.objects.order_by("pk").values_list("amount_minor", "credit_note_number", "credited_at")
    )

    erasure = erasing.erase(ada.email, by=Erasure.By.STAFF, at=timezone.now())

    assert erasure is not None
    assert list(Order.objects.order_by("pk").values_list(*facts)) == kept
    assert (
        list(Refund.objects.order_by("pk").values_list("amount_minor", "credit_note_number", "credited_at"))
        == refunds
    )
    hers = Order.objects.filter(user=ada)
    assert {order.email for order in hers} == {erasure.pseudonym}
    assert len({order.visitor for order in hers}) == hers.count()
    assert not Company.objects.exists()
    assert Mail.objects.get(cause=f"receipt:{things.order.reference}").context == Mail.FORGOTTEN
    paper = Visitor().get(f"/receipts/{things.receipt}/")
    assert paper.status_code == 200
    assert not re.search(r"\bada\b", paper.content.decode(), re.IGNORECASE)  # a token may hold the letters


def test_her_cards_are_on_the_list_for_stripe_and_her_membership_is_to_end(things: Things, ada: User) -> None:
    erasing.erase(ada.email, by=Erasure.By.STAFF, at=timezone.now())

    assert ErasedCustomer.objects.get().customer_id == "cus_1"
    assert Membership.objects.to_end().count() == 1


def test_the_second_time_there_is_nothing_to_do(things: Things, ada: User) -> None:
    address = ada.email
    assert erasing.erase(address, by=Erasure.By.STAFF, at=timezone.now())
    before = state()

    assert erasing.erase(address, by=Erasure.By.STAFF, at=timezone.now()) is None
    assert state() == before
    told = io.StringIO()
    call_command("erase_person", address, stdout=told)
    assert told.getvalue() == "Nothing is kept about this address.\n"


def test_her_address_may_come_back_as_somebody_new(things: Things, ada: User) -> None:
    erasing.erase(ada.email, by=Erasure.By.STAFF, at=timezone.now())
    again = Visitor()

    signing_in.by_code(again, "ada@example.com")

    assert signing_in.is_signed_in(again)
    assert things.order.reference not in again.get("/orders/").content.decode()
    assert not persons.of_address("ada@example.com").orders().exists()


def _is_staff(things: Things) -> None:
    User.objects.filter(email="ada@example.com").update(is_staff=True)


def _renews(things: Things) -> None:
    Membership.objects.update(cancels_at_period_end=False)


def _is_asked_by_her_bank(things: Things) -> None:
    row = rows.fresh(Payment)
    row.order, row.number, row.state = things.order, 2, "challenged"
    row.save()


def _turned_away_from_her_bank(things: Things) -> None:
    row = rows.fresh(Payment)
    row.order, row.number, row.state, row.decided_at = _open_order(things), 1, "abandoned", timezone.now()
    row.save()


def _has_a_dispute(things: Things) -> None:
    Dispute.objects.update(state="under_review", closed_at=None)


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (_is_staff, erasing.STAFF),
        (_renews, erasing.RENEWS),
        (_is_asked_by_her_bank, erasing.UNDER_WAY),
        (_turned_away_from_her_bank, erasing.UNDER_WAY),
        (_has_a_dispute, erasing.DISPUTED),
    ],
)
def test_what_has_to_be_over_first_is_said_in_a_sentence(
    things: Things, ada: User, happens: Callable[[Things], None], sentence: Promise
) -> None:
    happens(things)
    adas = Visitor()
    adas.client.force_login(ada)
    before = state()

    page = adas.get("/account/erase/").content.decode()

    assert str(sentence)[:40] in page
    assert 'data-testid="erase-code"' not in page
    with pytest.raises(erasing.MustWait) as refusal:
        erasing.erase(ada.email, by=Erasure.By.STAFF, at=timezone.now())
    assert refusal.value.sentences == [sentence]
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_person", ada.email, stdout=io.StringIO())
    assert state() == before


def test_an_order_that_was_left_open_is_closed(things: Things, ada: User) -> None:
    order = _open_order(things)

    erasing.erase(ada.email, by=Erasure.By.STAFF, at=timezone.now())

    order.refresh_from_db()
    assert order.state == Order.State.CANCELED


def test_looking_and_a_dry_run_change_nothing(things: Things, ada: User) -> None:
    adas = Visitor()
    adas.client.force_login(ada)
    before = state()
    told = io.StringIO()

    page = adas.get("/account/erase/").content.decode()
    call_command("erase_person", ada.email, dry_run=True, stdout=told)

    assert state() == before
    assert "What stays, and why" in page
    assert "kept without a name: 3 × billing.Order" in told.getvalue()
    assert "ada" not in told.getvalue()


def test_it_takes_a_code_that_was_mailed_for_this(things: Things, ada: User, bo: User) -> None:
    adas = Visitor()
    signing_in.by_code(adas, ada.email)
    old = signing_in.mailed_code(ada.email)
    before = Order.objects.get(pk=things.order.pk).email

    for _ in range(2):
        adas.post_form("/account/erase/", code=old)
    adas.post_form("/account/erase/")
    assert Mail.objects.filter(template="erase-code", to=ada.email).count() == 1
    assert "not the code" in adas.post_form("/account/erase/", code=old).content.decode()
    for _ in range(4):
        last = adas.post_form("/account/erase/", code="00000000")
    assert "last try" in last.content.decode()
    adas.post_form("/account/erase/", code=signing_in.mailed_code(ada.email))

    assert Order.objects.get(pk=things.order.pk).email == before
    assert signing_in.is_signed_in(adas)


def test_a_guest_is_erased_by_his_address_alone(bo: User) -> None:
    order = rows.saved(Order)
    Order.objects.filter(pk=order.pk).update(email="guest@example.com")
    asked = {"reference": order.reference, "email": "guest@example.com", "language": "en"}
    Withdrawal.objects.create(**asked, window=timezone.now(), asked_at=timezone.now())

    call_command("erase_person", "Guest@Example.com", stdout=io.StringIO())

    assert dump.naming("guest@example.com") == []


def test_nothing_is_written_to_who_was_erased(things: Things, ada: User) -> None:
    erasing.erase(ada.email, by=Erasure.By.STAFF, at=timezone.now())
    order = Order.objects.get(pk=things.order.pk)

    mailing.put(cause="news", template="refund", to=order.email, language="en", context={})

    assert not Mail.objects.filter(cause="news").exists()


def test_what_bo_has_is_as_it_was(things: Things, ada: User, bo: User) -> None:
    order = rows.saved(Order)
    Order.objects.filter(pk=order.pk).update(user=bo, email=bo.email, visitor=VISITOR)
    before = Order.objects.filter(user=bo).values().get()

    erasing.erase(ada.email, by=Erasure.By.STAFF, at=timezone.now())

    assert Order.objects.filter(user=bo).values().get() == before


def _erase_by_account(visitor: Visitor, email: str) -> Answer:
    visitor.post_form("/account/erase/")
    return visitor.post_form("/account/erase/", code=signing_in.mailed_code(email))


def _open_order(things: Things) -> Order:
    order: Order = rows.fresh(Order)
    order.user, order.email, order.offer, order.price = (
        things.order.user,
        things.order.email,
        things.order.offer,
        things.order.price,
    )
    order.save()
    return order
