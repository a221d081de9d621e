"""Kinds of JSON value that both the token and the callback's reply are made of."""

from typing import TypeGuard


def is_integer(value: object) -> TypeGuard[int]:
    """Tell whether the value was written as a JSON integer; `true` and `"1"` were not."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_section(value: object) -> bool:
    """Tell whether the value is `{start_time, end_time}` in whole seconds, ending after it starts."""
    if not isinstance(value, dict):
        return False
    start, end = value.get("start_time"), value.get("end_time")
    return is_integer(start) and is_integer(end) and 0 <= start < end
