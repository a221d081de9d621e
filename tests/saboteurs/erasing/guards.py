"""Guards of erasing, to be taken away; see `taking_away`."""

from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from billing.buying import order_taking
from billing.privacy import erasing


def erased_buyers_buy_on() -> AbstractContextManager[Any]:
    """An order is taken whoever of its buyer is left."""
    return mock.patch.object(order_taking, "_check_still_there", lambda viewer: None)


def nothing_has_to_be_over_first() -> AbstractContextManager[Any]:
    """Who is erased is erased at once, whatever is under way."""
    return mock.patch.object(erasing, "_obstacles", lambda person, at: iter(()))
