"""The days on which a legal period may not end, by country: Saturdays, Sundays and public holidays.

A day too many lengthens a buyer's right by a day, a day too few breaks the law: holidays of one region count
for its whole country. Written as `MM-DD` each year, as days after Easter (`E+1` western, `O+1` orthodox), or
as a date; dates reach to the end of 2028 and Easter to 2035, so add to them in time.
"""

from datetime import date, timedelta
from functools import cache
from typing import Final

_EASTER: Final = """2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21
    2031-04-13 2032-03-28 2033-04-17 2034-04-09 2035-03-25"""
_ORTHODOX_EASTER: Final = """2026-04-12 2027-05-02 2028-04-16 2029-04-08 2030-04-28
    2031-04-13 2032-05-02 2033-04-24 2034-04-09 2035-04-29"""
_MIDSUMMER_EVE: Final = "2026-06-19 2027-06-25 2028-06-23"

_HOLIDAYS: Final = {
    "AT": "01-01 01-06 E+1 05-01 E+39 E+50 E+60 08-15 10-26 11-01 12-08 12-25 12-26",
    "BE": "01-01 E+1 05-01 E+39 E+50 07-21 08-15 11-01 11-11 12-25",
    "BG": "01-01 03-03 O-2 O+1 05-01 05-06 05-24 09-06 09-22 12-24 12-25 12-26",
    "CY": "01-01 01-06 O-48 03-25 04-01 O-2 O+1 O+2 05-01 O+50 08-15 10-01 10-28 12-25 12-26",
    "CZ": "01-01 E-2 E+1 05-01 05-08 07-05 07-06 09-28 10-28 11-17 12-24 12-25 12-26",
    "DE": "01-01 01-06 E-2 E+1 05-01 E+39 E+50 E+60 08-15 10-03 10-31 11-01 12-25 12-26",
    "DK": "01-01 E-3 E-2 E+1 E+39 E+50 06-05 12-24 12-25 12-26 12-31",
    "EE": "01-01 02-24 E-2 05-01 06-23 06-24 08-20 12-24 12-25 12-26",
    "ES": "01-01 01-06 E-3 E-2 E+1 05-01 08-15 10-12 11-01 12-06 12-08 12-25",
    "FI": f"01-01 01-06 E-2 E+1 05-01 E+39 {_MIDSUMMER_EVE} 12-06 12-24 12-25 12-26",
    "FR": "01-01 E+1 05-01 05-08 E+39 E+50 07-14 08-15 11-01 11-11 12-25",
    "GR": "01-01 01-06 O-48 03-25 O-2 O+1 05-01 O+50 08-15 10-28 12-25 12-26",
    "HR": "01-01 01-06 E+1 05-01 05-30 E+60 06-22 08-05 08-15 11-01 11-18 12-25 12-26",
    "HU": "01-01 03-15 E-2 E+1 05-01 E+50 08-20 10-23 11-01 12-24 12-25 12-26",
    "IE": """01-01 03-17 E-2 E+1 12-25 12-26
        2026-02-02 2026-05-04 2026-06-01 2026-08-03 2026-10-26 2027-02-01 2027-05-03 2027-06-07
        2027-08-02 2027-10-25 2028-02-07 2028-05-01 2028-06-05 2028-08-07 2028-10-30""",
    "IS": """01-01 E-3 E-2 E+1 05-01 E+39 E+50 06-17 12-24 12-25 12-26 12-31
        2026-04-23 2026-08-03 2027-04-22 2027-08-02 2028-04-20 2028-08-07""",
    "IT": "01-01 01-06 E+1 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26",
    "LI": "01-01 01-06 E+1 05-01 E+39 E+50 E+60 08-15 09-08 11-01 12-08 12-25 12-26",
    "LT": "01-01 02-16 03-11 E+1 05-01 06-24 07-06 08-15 11-01 11-02 12-24 12-25 12-26",
    "LU": "01-01 E+1 05-01 05-09 E+39 E+50 06-23 08-15 11-01 12-25 12-26",
    "LV": "01-01 E-2 E+1 05-01 05-04 06-23 06-24 11-18 12-24 12-25 12-26 12-31",
    "MT": "01-01 02-10 03-19 03-31 E-2 05-01 06-07 06-29 08-15 09-08 09-21 12-08 12-13 12-25",
    "NL": "01-01 E-2 E+1 04-27 05-05 E+39 E+50 12-25 12-26",
    "NO": "01-01 E-3 E-2 E+1 05-01 E+39 05-17 E+50 12-25 12-26",
    "PL": "01-01 01-06 E+1 05-01 05-03 E+60 08-15 11-01 11-11 12-24 12-25 12-26",
    "PT": "01-01 E-2 04-25 05-01 E+60 06-10 08-15 10-05 11-01 12-01 12-08 12-25",
    "RO": "01-01 01-02 01-06 01-07 01-24 O-2 O+1 05-01 O+50 06-01 08-15 11-30 12-01 12-25 12-26",
    "SE": f"01-01 01-06 E-2 E+1 05-01 E+39 06-06 {_MIDSUMMER_EVE} 12-24 12-25 12-26 12-31",
    "SI": "01-01 01-02 02-08 E+1 04-27 05-01 05-02 06-25 08-15 10-31 11-01 12-25 12-26",
    "SK": "01-01 01-06 E-2 E+1 05-01 05-08 07-05 08-29 09-01 09-15 11-01 11-17 12-24 12-25 12-26",
    # The days of the lunar calendar, the substitutes and the elections.
    "KR": """01-01 03-01 05-01 05-05 06-06 07-17 08-15 10-03 10-09 12-25
        2026-02-16 2026-02-17 2026-02-18 2026-03-02 2026-05-24 2026-05-25 2026-06-03 2026-08-17
        2026-09-24 2026-09-25 2026-09-26 2026-10-05 2027-02-06 2027-02-07 2027-02-08 2027-02-09
        2027-05-03 2027-05-13 2027-07-19 2027-08-16 2027-09-14 2027-09-15 2027-09-16 2027-10-04
        2027-10-11 2027-12-27 2028-01-26 2028-01-27 2028-01-28 2028-04-12 2028-05-02 2028-10-02
        2028-10-03 2028-10-04 2028-10-05""",
}  # fmt: skip
_PARTS_OF: Final = {"AX": "FI", **dict.fromkeys(["GF", "GP", "MF", "MQ", "RE", "YT"], "FR")}


def next_working_day(day: date, country: str) -> date:
    """This will give the day itself, or the next one that is neither a weekend's nor a holiday there."""
    while day.weekday() >= 5 or day in _holidays(_PARTS_OF.get(country, country), day.year):
        day += timedelta(days=1)
    return day


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    feasts = {"E": _in_year(_EASTER, year), "O": _in_year(_ORTHODOX_EASTER, year)}
    days: set[date] = set()
    for word in _HOLIDAYS.get(country, "").split():
        if word[0] in feasts:
            days |= {sunday + timedelta(days=int(word[1:])) for sunday in feasts[word[0]]}
        else:
            days.add(date.fromisoformat(word if len(word) == 10 else f"{year}-{word}"))
    return frozenset(days)


def _in_year(dates: str, year: int) -> list[date]:
    return [date.fromisoformat(word) for word in dates.split() if word.startswith(str(year))]
