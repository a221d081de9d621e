"""What opens an account beside the code by mail: passkeys, and accounts elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MOST: Final = 10


class TooMany(Exception):
    """He has as many of this kind as one can have. Nothing changed."""


@dataclass(frozen=True)
class WayIn:
    """`key` names it in a form; it is no secret. `used_at` is None where nobody keeps when it was used."""

    key: str
    name: str
    added_at: datetime
    used_at: datetime | None = None
