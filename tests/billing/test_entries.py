"""What each record books, from the record alone."""

from datetime import UTC, datetime

import pytest

from billing.books import entries
from billing.models import BalanceTransaction, Order, Refund

AT = datetime(2026, 11, 22, tzinfo=UTC)


def order(total: int, discount: int = 0) -> Order:
    return Order(reference="ab", total_minor=total, discount_minor=discount, currency="usd", paid_at=AT)


@pytest.mark.parametrize(
    ("total", "discount", "lines"),
    [
        (790, 0, {"due_from_stripe": 790, "sales": -790}),
        (592, 198, {"due_from_stripe": 592, "discounts": 198, "sales": -790}),
        (0, 790, {"discounts": 790, "sales": -790}),
    ],
    ids=["full price", "with a coupon", "for nothing"],
)
def test_a_sale_books_its_price_and_what_a_coupon_took_off(
    total: int, discount: int, lines: dict[str, int]
) -> None:
    posting = entries.of_sale(order(total, discount))

    assert (posting.cause, posting.booked_at) == ("sale:ab", AT)
    assert {line.account: line.amount_minor for line in posting.lines} == lines
    assert {line.currency for line in posting.lines} == {"usd"}


def test_a_sale_books_its_tax_apart() -> None:
    sold = order(592, 198)
    sold.tax_minor = 95

    lines = {line.account: line.amount_minor for line in entries.of_sale(sold).lines}

    assert lines == {"due_from_stripe": 592, "discounts": 198, "sales": -695, "tax": -95}


def test_a_refund_takes_its_tax_off_what_is_owed_and_a_failed_one_puts_it_back() -> None:
    refund = Refund(
        state="failed",
        refund_id="re_1",
        amount_minor=300,
        tax_minor=48,
        currency="usd",
        asked_at=AT,
        failed_at=AT,
    )

    went, came = ({each.account: each.amount_minor for each in of.lines} for of in entries.of_refund(refund))

    assert went == {"refunds": 252, "tax": 48, "due_from_stripe": -300}
    assert came == {account: -amount for account, amount in went.items()}


def test_what_was_not_sold_is_not_booked() -> None:
    with pytest.raises(ValueError, match="nothing was sold"):
        entries.of_sale(Order(reference="ab", total_minor=790, currency="usd"))


@pytest.mark.parametrize(
    ("state", "refund_id", "causes"),
    [
        ("sent", None, []),
        ("refused", None, []),
        ("pending", "re_1", ["refund:re_1"]),
        ("succeeded", "re_1", ["refund:re_1"]),
        ("failed", "re_1", ["refund:re_1", "refund_failed:re_1"]),
    ],
)
def test_a_refund_books_once_stripe_took_it_on(state: str, refund_id: str | None, causes: list[str]) -> None:
    refund = Refund(
        state=state, refund_id=refund_id, amount_minor=300, currency="usd", asked_at=AT, failed_at=AT
    )

    postings = list(entries.of_refund(refund))

    assert [posting.cause for posting in postings] == causes
    assert sum(line.amount_minor for posting in postings for line in posting.lines) == 0


@pytest.mark.parametrize(
    ("type", "category", "account"),
    [
        *(("charge", "charge", "due_from_stripe"), ("refund", "refund", "due_from_stripe")),
        *(("refund_failure", "refund_failure", "due_from_stripe"), ("payout", "payout", "paid_out")),
        *(("adjustment", "dispute", "disputes"), ("adjustment", "dispute_reversal", "disputes")),
        *(("stripe_fee", "fee", "stripe_fees"), ("reserve_transaction", "other", "unexplained")),
    ],
)
def test_a_movement_books_for_what_it_was(type: str, category: str, account: str) -> None:
    moved = BalanceTransaction(
        transaction_id="txn_1",
        type=type,
        category=category,
        source_amount_minor=-790,
        source_currency="usd",
        amount_minor=-790,
        fee_minor=0,
        net_minor=-790,
        currency="usd",
        created_at=AT,
    )

    lines = {line.account: line.amount_minor for line in entries.of_balance(moved).lines}

    assert lines == {account: 790, "stripe_balance": -790}


def test_a_movement_of_nothing_books_nothing() -> None:
    nothing = {"source_amount_minor": 0, "amount_minor": 0, "fee_minor": 0, "net_minor": 0}
    moved = BalanceTransaction(
        transaction_id="txn_1", type="charge", source_currency="usd", currency="usd", created_at=AT, **nothing
    )

    assert entries.of_balance(moved).lines == ()
