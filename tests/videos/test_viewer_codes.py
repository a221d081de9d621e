"""The code in the picture: ten characters, of which any six give the rest, proved from the code itself."""

import random
from collections.abc import Sequence
from itertools import combinations
from typing import Final

import pytest

from videos.models import viewer_codes
from videos.models.viewer_codes import ALPHABET, Reading, new_code, normalised, readings

Q: Final = len(ALPHABET)


def spoiled(code: str, *, unreadable: Sequence[int] = (), misread: Sequence[int] = (), by: int = 1) -> str:
    characters = list(code)
    for place in misread:
        characters[place] = ALPHABET[(ALPHABET.index(code[place]) + by) % Q]
    for place in unreadable:
        characters[place] = "?"
    return "".join(characters)


def is_invertible(matrix: list[list[int]]) -> bool:
    """By elimination in the field of 29 elements."""
    rows = [list(row) for row in matrix]
    for column in range(len(rows)):
        pivot = next((r for r in range(column, len(rows)) if rows[r][column]), None)
        if pivot is None:
            return False
        rows[column], rows[pivot] = rows[pivot], rows[column]
        inverse = pow(rows[column][column], -1, Q)
        for below in rows[column + 1 :]:
            factor = below[column] * inverse % Q
            below[:] = [(b - factor * a) % Q for a, b in zip(rows[column], below, strict=True)]
    return True


def test_any_two_codes_differ_in_five_places() -> None:
    """The codes are a linear space of dimension six: two that agreed in six places would differ by a code
    that is zero there. There is none, if every six columns of the space's basis are independent.
    """
    assert Q == 29 and len(set(ALPHABET)) == 29, "prime, so that its remainders are a field"
    basis = []
    for own in range(6):
        text = "".join(ALPHABET[int(place == own)] for place in range(6)) + "????"
        (reading,) = readings(text)
        basis.append([ALPHABET.index(character) for character in reading.code])

    dependent = [
        places
        for places in combinations(range(10), 6)
        if not is_invertible([[row[place] for place in places] for row in basis])
    ]

    assert dependent == []
    assert viewer_codes.DISTANCE == 10 - 6 + 1 == 5


def test_sums_of_codes_are_codes() -> None:
    for _ in range(200):
        one, other = new_code(), new_code()
        both = "".join(
            ALPHABET[(ALPHABET.index(a) + ALPHABET.index(b)) % Q] for a, b in zip(one, other, strict=True)
        )
        assert readings(both) == [Reading(both, 0)]


def test_two_unreadable_characters_leave_one_code() -> None:
    for _ in range(30):
        code = new_code()
        for unreadable in combinations(range(10), 2):
            text = spoiled(code, unreadable=unreadable)
            assert readings(text) == [Reading(code, 0)]
            assert viewer_codes.must_be_misread(text, readings(text)[0]) == 3


def test_one_misread_character_leaves_the_right_code_first() -> None:
    """Every error that there is, each on a code of its own: since codes are a linear space, what is found for
    one code is found, shifted, for every other.
    """
    for place in range(10):
        for by in range(1, Q):
            code = new_code()
            first, *others = readings(spoiled(code, misread=[place], by=by))
            assert first == Reading(code, 1)
            assert all(other.misread >= 4 for other in others)


def test_one_misread_beside_two_unreadable_leaves_it_first() -> None:
    pick = random.Random(29)  # noqa: S311 (the same at every run)
    for _ in range(300):
        code = new_code()
        one, other, misread = pick.sample(range(10), 3)
        text = spoiled(code, unreadable=[one, other], misread=[misread], by=pick.randrange(1, Q))
        first, *others = readings(text)
        assert first == Reading(code, 1)
        assert all(other.misread >= 2 for other in others)


@pytest.mark.parametrize("text", ["", "7K2", "?????" * 2, "7K2QX?????", "7K2QX9BTWZZ"])
def test_too_little_leads_to_nobody(text: str) -> None:
    assert readings(text) == []


def test_what_people_type_is_read_as_it_is_meant() -> None:
    assert normalised(" 7k2-qx 9btw\n") == "7K2QX9BTW"
    assert normalised("7O2?Q1") == "7?2?Q?", "no code has an O or a 1"


def test_codes_are_spread_over_all_there_are() -> None:
    codes = {new_code() for _ in range(2000)}

    assert len(codes) == 2000
    assert all({code[place] for code in codes} == set(ALPHABET) for place in range(10))
