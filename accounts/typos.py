"""Mistyped domains of e-mail addresses: "gmial.com" was probably meant to be gmail.com.

A suggestion and no more: whoever typed it is never kept from it.
"""

from typing import Final

# Where buyers have their mailboxes, the ones that are mistyped most first.
_POPULAR: Final = (
    *("gmail.com", "naver.com", "hanmail.net", "daum.net", "kakao.com", "nate.com", "hotmail.com"),
    *("outlook.com", "yahoo.com", "icloud.com", "googlemail.com", "yahoo.co.jp", "yahoo.co.kr", "live.com"),
    *("web.de", "t-online.de", "orange.fr", "hotmail.co.uk", "yahoo.co.uk", "outlook.kr", "protonmail.com"),
)
# These names have one ending each: with another one it was a slip.
_ONE_ENDING: Final = {
    each.partition(".")[0]: each
    for each in _POPULAR
    if each.startswith(("gmail", "naver", "hanmail", "daum", "kakao", "nate", "icloud"))
}
# As near to one of those as a slip would be, and somebody's real address.
_REAL: Final = frozenset(
    (
        *("mail.com", "ymail.com", "email.com", "fmail.com", "hmail.com", "rmail.com", "live.de", "live.fr"),
        *("live.nl", "live.co.kr", "aver.com", "never.com", "gmx.com", "me.com", "mac.com"),
        *("aol.com", "lava.com", "line.com", "like.com", "love.com", "yahoo.ca", "yahoo.cn"),
    )
)
_LONG: Final = 9


def suggest(email: str) -> str:
    """This will give the address that was probably meant, or "" where it may well be as it is."""
    name, at, domain = email.strip().lower().rpartition("@")
    if not (name and at) or domain in _POPULAR or domain in _REAL:
        return ""
    if home := _ONE_ENDING.get(domain.partition(".")[0]):
        return f"{name}@{home}"
    near = [(distance(domain, each), order, each) for order, each in enumerate(_POPULAR)]
    slips, _order, meant = min(near)
    # Two slips in a short name make another name.
    return f"{name}@{meant}" if slips <= (2 if len(meant) >= _LONG else 1) else ""


def distance(one: str, other: str) -> int:
    """This will count the slips between two words: a letter missing, doubled or wrong, or two swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            slips = [before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted)]
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                slips.append(older[j - 2] + 1)
            row.append(min(slips))
    return row[-1]
