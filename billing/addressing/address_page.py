"""What an order's page says of the address that its mail goes to."""

from dataclasses import dataclass

from accounts import typos, undelivered
from billing.models import Order


@dataclass(frozen=True)
class Standing:
    """`may_correct` its buyer still can; `is_undeliverable` mail does not arrive; `suggestion` was meant."""

    may_correct: bool
    is_undeliverable: bool
    suggestion: str


def of(order: Order) -> Standing:
    """This will tell how it stands with an order's address."""
    return Standing(
        may_correct=order.may_correct_email,
        is_undeliverable=order.is_paid and undelivered.is_known(order.email),
        suggestion=suggestion(order),
    )


def suggestion(order: Order) -> str:
    """This will give the address that was probably meant, where it can still be put right; "" elsewhere."""
    return typos.suggest(order.email) if order.may_correct_email else ""
