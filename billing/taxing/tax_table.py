"""Tax rates from a table: country (ISO 3166), the day from which on, and the rate in percent.

The shop's own table, `tax_rates.csv`, holds the standard rates for films sold online as they were on its
days. They change: whoever sells sees to his own table.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from django.db import transaction

from billing.models import TaxRate

SHIPPED: Final = Path(__file__).with_name("tax_rates.csv")
COLUMNS: Final = ["country", "starts_on", "percent"]


class BadTable(Exception):
    """A line of the table makes no sense; nothing of it was loaded."""


@dataclass(frozen=True)
class Loaded:
    new: int
    changed: int
    same: int


def load(path: Path) -> Loaded:
    """This will bring the rates to what the table says, all or nothing; again: nothing changes.

    Rates that the table does not name stay. Orders keep the tax that was split off when they were paid.
    :raises BadTable: and in which line.
    :raises OSError: the file can't be read.
    """
    with path.open(newline="", encoding="utf-8-sig") as file:
        return _keep(list(_rates(file)))


def _rates(lines: Iterable[str]) -> Iterator[TaxRate]:
    rows = csv.DictReader(lines)
    if rows.fieldnames != COLUMNS:
        raise BadTable(f"The first line must be {','.join(COLUMNS)}.")
    seen = set()
    for row in rows:
        try:
            rate = _rate(row)
        except (ValueError, InvalidOperation, AttributeError) as error:
            raise BadTable(f"Line {rows.line_num} makes no sense.") from error
        if (key := (rate.country, rate.starts_on)) in seen:
            raise BadTable(f"Line {rows.line_num} names a country and day for the second time.")
        seen.add(key)
        yield rate


def _rate(row: dict[str, str]) -> TaxRate:
    country, points = row["country"].strip(), Decimal(row["percent"].strip()) * 100
    if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        raise ValueError("no country")
    if not 0 <= points < 10_000 or points != int(points):
        raise ValueError("no rate")
    return TaxRate(
        country=country, starts_on=date.fromisoformat(row["starts_on"].strip()), basis_points=int(points)
    )


@transaction.atomic
def _keep(rates: list[TaxRate]) -> Loaded:
    there = {(each.country, each.starts_on): each for each in TaxRate.objects.select_for_update()}
    new, changed = [], []
    for rate in rates:
        known = there.get((rate.country, rate.starts_on))
        if known is None:
            new.append(rate)
        elif known.basis_points != rate.basis_points:
            known.basis_points = rate.basis_points
            changed.append(known)
    TaxRate.objects.bulk_create(new)
    TaxRate.objects.bulk_update(changed, ["basis_points"])
    return Loaded(len(new), len(changed), len(rates) - len(new) - len(changed))
