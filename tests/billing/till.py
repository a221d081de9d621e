"""The call that orders, and what a body has in the place of one field."""

from functools import partial
from typing import Any, Final

from tests import attacks
from tests.attacks import Visitor

ORDERS: Final = "/api/v1/orders/"


def pay_with(
    who: Visitor, honest: dict[str, Any], field: str, wrong: dict[str, Any]
) -> dict[str, attacks.Send]:
    return {what: partial(who.post, ORDERS, body=honest | {field: value}) for what, value in wrong.items()}
