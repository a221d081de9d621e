"""Does in Python the work that the page does when it is hot."""

import hashlib
from typing import Any, Final

_WRITTEN: Final = [b"%d" % number for number in range(1 << 16)]  # more than 11 bits ever need


def done(task: dict[str, Any]) -> dict[str, Any]:
    """The fields to send with the next press on Pay."""
    numbers = [_number(f"{task['token']}:{part}:", task["bits"]) for part in range(task["parts"])]
    return {"work_token": task["token"], "work_numbers": numbers}


def _number(start: str, bits: int) -> int:
    begun, small = hashlib.sha256(start.encode()).copy, (1 << (256 - bits)).to_bytes(32)
    for number, written in enumerate(_WRITTEN):
        hashed = begun()
        hashed.update(written)
        if hashed.digest() < small:
            return number
    raise AssertionError
