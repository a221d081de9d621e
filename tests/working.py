"""Does in Python the work that the page does when it is hot."""

import hashlib
from itertools import count
from typing import Any


def done(task: dict[str, Any]) -> dict[str, Any]:
    """The fields to send with the next press on Pay."""
    numbers = [_number(f"{task['token']}:{part}:", task["bits"]) for part in range(task["parts"])]
    return {"work_token": task["token"], "work_numbers": numbers}


def _number(start: str, bits: int) -> int:
    begun = hashlib.sha256(start.encode())
    for number in count():
        tried = begun.copy()
        tried.update(str(number).encode())
        if int.from_bytes(tried.digest(), "big") >> (256 - bits) == 0:
            return number
    raise AssertionError
