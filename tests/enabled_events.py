"""What Stripe is asked to send, by the README's list for going live: the shop has to do with that."""

import json
import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent.parent


@cache
def named() -> list[str]:
    """The types as the list has them: `refund.*` is all of refunds."""
    told = (_ROOT / "README.md").read_text("utf-8")
    (listed,) = re.findall(r"snapshot events, for\n(.*?)\n  Its secret", told, flags=re.DOTALL)
    return re.findall(r"`([a-z_.*]+)`", listed)


@cache
def written_out() -> list[str]:
    """The types one by one, as Stripe keeps them for an endpoint."""
    contract = json.loads((_ROOT / "sandbox" / "data" / "openapi.json").read_text("utf-8"))
    known: list[str] = contract["x-event-types"]
    return [each for each in known if any(fnmatchcase(each, name) for name in named())]
