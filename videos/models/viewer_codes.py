"""The code by which Kollus knows a viewer, and which its player shows over the film: ten characters, of which
any six give the other four.

They are the values of a polynomial of degree five at ten points of the field of 29 elements (Reed and Solomon
1960), so that any two codes differ in five characters or more: a code that was read off a bad recording, with
characters missing or misread, still leads to one viewer.
"""

import itertools
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Final

# No vowels and no look-alikes: read off a screen, typed by a person.
ALPHABET: Final = "23456789BCDFGHJKLMNPQRSTVWXYZ"
LENGTH: Final = 10
FREE: Final = 6
DISTANCE: Final = LENGTH - FREE + 1
UNREADABLE: Final = "?"

_FIELD: Final = len(ALPHABET)
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}


@dataclass(frozen=True)
class Reading:
    """A code that may have been meant, and at how many places it was then misread."""

    code: str
    misread: int


def new_code() -> str:
    """This will draw a code. It may be somebody's already."""
    return _completed(dict(enumerate(secrets.randbelow(_FIELD) for _ in range(FREE))))


def normalised(text: str) -> str:
    """This will write what was read as codes are written; what no code has in it becomes unreadable."""
    bare = "".join(text.upper().split()).replace("-", "")
    return "".join(character if character in _VALUE else UNREADABLE for character in bare)


def readings(text: str) -> list[Reading]:
    """This will list each code that agrees with the text in six characters or more, the likeliest first.

    The text is `normalised`. None where fewer than six can be read, or it is not of a code's length.
    """
    if len(text) != LENGTH:
        return []
    known = {place: _VALUE[character] for place, character in enumerate(text) if character != UNREADABLE}
    found = {_completed(dict(six)) for six in itertools.combinations(known.items(), FREE)}
    misread = {code: sum(_VALUE[code[place]] != value for place, value in known.items()) for code in found}
    return [Reading(code, misread[code]) for code in sorted(found, key=lambda code: (misread[code], code))]


def must_be_misread(text: str, reading: Reading) -> int:
    """This will tell how many of the characters that could be read must be wrong for the text to be of
    anybody else's code.
    """
    return DISTANCE - text.count(UNREADABLE) - reading.misread


def _completed(six: dict[int, int]) -> str:
    """The code that has these six values at their places."""
    values = list(six.values())
    return "".join(
        ALPHABET[sum(weight * value for weight, value in zip(row, values, strict=True)) % _FIELD]
        for row in _weights(tuple(six))
    )


@cache
def _weights(places: tuple[int, ...]) -> list[list[int]]:
    """By how much each of six values counts at each of the ten places."""
    return [[_factor(place, own, places) for own in places] for place in range(LENGTH)]


def _factor(place: int, own: int, places: tuple[int, ...]) -> int:
    above = below = 1
    for other in places:
        if other != own:
            above = above * (place - other) % _FIELD
            below = below * (own - other) % _FIELD
    return above * pow(below, -1, _FIELD) % _FIELD
