"""A new price for members: who is not moved keeps his, who is moved is told first and pays it later."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import Mail, User
from accounts.tasks import send_mail
from billing.books import ledger
from billing.joining import following, notices, price_moves
from billing.models import Membership, MembershipPeriod, Order, PriceMove
from tests.billing.club import A_MONTH, Club
from tests.buyer import EMAIL
from tests.conftest import Shop
from tests.office import act, page, signed_in, statements, text
from tests.saboteurs.rows import saved
from videos import pricing

pytestmark = pytest.mark.django_db(transaction=True)

RIGHTS = ("billing.view_membership", "billing.move_membership")


@pytest.fixture
def club(shop: Shop) -> Club:
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    pricing.change(made.offer, currency="usd", amount_minor=990, at=timezone.now())
    return made


def _move(user: User) -> list[PriceMove]:
    memberships = Membership.objects.order_by("id")
    return price_moves.move(memberships, reason="costs rose", asked_by=user.pk, at=timezone.now())


def _renew(club: Club, times: int) -> None:
    """So many months pass; the sweep looks after each as it does each minute."""
    gone = club.ahead + A_MONTH * times
    while club.ahead < gone:
        club.pass_time(club.ahead + A_MONTH)
        club.ahead += A_MONTH
        following.look(Membership.objects.get(), at=timezone.now())
        price_moves.sweep(at=timezone.now() + club.ahead)


def _totals() -> list[int]:
    return list(Order.objects.order_by("id").values_list("total_minor", flat=True))


def test_who_is_not_moved_stays_on_his_price(club: Club) -> None:
    _renew(club, 2)

    assert _totals() == [790, 790, 790]


def test_who_is_moved_is_told_and_pays_it_after_the_days_of_notice(
    club: Club, cho: User, settings: Any
) -> None:
    settings.MEMBERSHIP_PRICE_NOTICE_DAYS = 20  # a month may be thirty days too, to the second
    _move(cho)
    mail = Mail.objects.get(template="membership-price")
    assert (mail.context["old_text"], mail.context["amount_text"]) == ("$7.90", "$9.90")
    assert price_moves.sweep(at=timezone.now()) == 1

    _renew(club, 3)

    assert _totals() == [790, 990, 990, 990]
    newest = Order.objects.latest("id")
    assert newest.price.amount_minor == 990
    assert Membership.objects.get().current_price == newest.price
    assert PriceMove.objects.get().applied_at is not None
    assert ledger.check().is_same
    assert Mail.objects.filter(template="membership-price").count() == 1
    send_mail()
    sent = [each for each in club.world.sandbox.mail(EMAIL) if "price of your membership" in each["subject"]]
    assert "costs $9.90, and so do those after it" in sent[-1]["text"]
    assert "cancel before" in sent[-1]["html"]


def test_no_renewal_within_the_notice_costs_more(club: Club, cho: User, settings: Any) -> None:
    settings.MEMBERSHIP_PRICE_NOTICE_DAYS = 60
    _move(cho)

    _renew(club, 3)

    assert _totals() == [790, 790, 790, 990] or _totals() == [790, 790, 990, 990]
    first = MembershipPeriod.objects.filter(order__total_minor=990).earliest("starts_at")
    assert first.starts_at >= PriceMove.objects.get().not_before


def test_without_days_of_notice_the_next_renewal_costs_it(club: Club, cho: User, settings: Any) -> None:
    settings.MEMBERSHIP_PRICE_NOTICE_DAYS = 0
    _move(cho)
    assert price_moves.sweep(at=timezone.now()) == 1

    notices.sweep(at=_first_end() - timedelta(days=1))
    _renew(club, 1)

    assert _totals() == [790, 990]
    assert len(club.world.objects("charge")) == 2
    assert Mail.objects.get(template="membership-renews").context["amount_text"] == "$9.90"


def test_moving_twice_is_one_move_and_one_mail(club: Club, cho: User) -> None:
    assert [len(_move(cho)), len(_move(cho))] == [1, 0]

    assert Mail.objects.filter(template="membership-price").count() == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"cancels_at_period_end": True},
        {"end_wanted_at": timezone.now()},
        {"state": "ended", "ended_at": timezone.now()},
    ],
)
def test_who_leaves_is_not_moved(club: Club, cho: User, facts: dict[str, Any]) -> None:
    Membership.objects.update(**facts)

    assert _move(cho) == []


def test_a_membership_that_ends_first_drops_the_move(club: Club, cho: User) -> None:
    _move(cho)
    Membership.objects.update(end_wanted_at=timezone.now())
    following.sweep(at=timezone.now())

    assert price_moves.sweep(at=timezone.now()) == 1

    assert PriceMove.objects.get().dropped_at is not None
    assert price_moves.sweep(at=timezone.now() + timedelta(days=90)) == 0


def test_a_lost_answer_is_made_up_for(club: Club, cho: User, settings: Any) -> None:
    settings.MEMBERSHIP_PRICE_NOTICE_DAYS = 0
    _move(cho)
    for call in ("POST /v1/prices", "POST /v1/subscriptions/{subscription_exposed_id}"):
        club.world.faults(stripe={"fail_next": [{"call": call, "how": "drop_after"}]})
        assert price_moves.sweep(at=timezone.now() + timedelta(minutes=11)) == 0
        PriceMove.objects.update(look_after=None)

    assert price_moves.sweep(at=timezone.now()) == 1

    assert [each["unit_amount"] for each in club.world.objects("price")] == [790, 990]
    _renew(club, 1)
    assert _totals() == [790, 990]


class TestTheOffice:
    def test_moves_with_a_reason_that_stays(self, club: Club, bo: User) -> None:
        browser = signed_in(bo, *RIGHTS, "billing.view_pricemove")
        membership = Membership.objects.get()

        asked = act(browser, "move", membership)
        moved = act(browser, "move", membership, because="costs rose")
        again = act(browser, "move", membership)

        assert "Stays on record" in text(asked)
        assert "30 days ahead" in text(asked)
        assert "ada@example.com: $7.90 → <strong>$9.90</strong>" in text(asked)
        assert "ada@example.com: $7.90 · left out" in text(again)
        assert "1 member is moved and mailed." in text(moved)
        move = PriceMove.objects.get()
        assert (move.reason, move.asked_by) == ("costs rose", bo)
        assert "costs rose" in LogEntry.objects.latest("id").change_message
        assert "$9.90" in text(browser.get(page(PriceMove)))
        assert "costs rose" in text(browser.get(page(PriceMove, "change", move.pk)))

    def test_asks_as_much_of_the_database_for_many_as_for_few(
        self, club: Club, django_assert_num_queries: Any
    ) -> None:
        for _ in range(3):
            saved(MembershipPeriod)
        members = list(Membership.objects.select_related("order__price", "price").order_by("id"))

        with django_assert_num_queries(2):
            found = price_moves.prospects(members)

        assert [price and price.amount_minor for _member, price in found] == [990, None, None, None]

    def test_without_a_reason_nobody_is_moved(self, club: Club, bo: User) -> None:
        act(signed_in(bo, *RIGHTS), "move", Membership.objects.get(), because="")

        assert not PriceMove.objects.exists()

    def test_who_may_not_moves_nobody(self, club: Club, bo: User) -> None:
        act(signed_in(bo, RIGHTS[0]), "move", Membership.objects.get(), because="mine")

        assert not PriceMove.objects.exists()

    def test_the_list_takes_as_many_queries_for_many_as_for_few(self, bo: User, db: None) -> None:
        browser = signed_in(bo, "billing.view_pricemove")
        for _ in range(2):
            saved(PriceMove)
        few = len(statements(browser, page(PriceMove)))
        for _ in range(10):
            saved(PriceMove)

        assert len(statements(browser, page(PriceMove))) == few


def _first_end() -> Any:
    return MembershipPeriod.objects.earliest("ends_at").ends_at
