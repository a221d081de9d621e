"""Copies of records, which are JSON: much quicker than `copy.deepcopy`, which minds what JSON cannot hold."""

from typing import TypeVar

T = TypeVar("T")


def copied(value: T) -> T:
    """Return a copy that shares no dict and no list with `value`."""
    made: object = value
    if isinstance(value, dict):
        made = {name: copied(each) for name, each in value.items()}
    elif isinstance(value, list):
        made = [copied(each) for each in value]
    return made  # type: ignore[return-value] # the same kind of thing as it was
