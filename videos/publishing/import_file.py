"""A CSV file of videos, read into rows. Every line that makes no sense is named; nothing is written."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings
from django.conf.locale import LANG_INFO

from videos import contents, money

Prices = dict[str, int]

_PLAIN: Final = {
    *("slug", "protection", "media_content_key", "upload_file_key", "duration_seconds", "poster"),
    *("audio_languages", "released_year", "age_rating", "rent_days", "rent_hours", "publish"),
    *("trailer_key", "preview_seconds"),
}
_WORDS: Final = ("title", "tagline", "description")
_NUMBERS: Final = ("duration_seconds", "released_year", "preview_seconds")
_PICTURES: Final = {".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif"}
_LARGEST_PICTURE_BYTES: Final = 8 * 1024 * 1024
_YES_NO: Final = {"": None, "yes": True, "no": False}


class BadFile(Exception):
    """Something in the file makes no sense; `errors` name each line. Nothing was imported."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass
class Row:
    """One video as the file has it; what its line leaves empty is not here."""

    line: int
    slug: str
    facts: dict[str, object] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    chapters: dict[str, dict[int, str]] = field(default_factory=dict)
    own: Prices = field(default_factory=dict)
    rent: Prices = field(default_factory=dict)
    rent_times: tuple[int, int] | None = None
    poster: Path | None = None
    is_published: bool | None = None
    errors: list[str] = field(default_factory=list)


def columns() -> set[str]:
    """This will list every column that a file may have."""
    languages = [code for code, _name in settings.LANGUAGES]
    texts = {f"{name}_{code}" for name in (*_WORDS, "chapters") for code in languages}
    prices = {f"{kind}_{currency}" for kind in ("own", "rent") for currency in money.CURRENCIES}
    return _PLAIN | texts | prices


def read(path: Path) -> list[Row]:
    """This will read the file.

    :raises BadFile: a line makes no sense; all such lines are named.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_rows(csv.DictReader(file, strict=True), path.parent))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadFile([f"{path.name} cannot be read: {error}"]) from error
    lines: dict[str, int] = {}
    for row in rows:
        if row.slug in lines:
            row.errors.append(f"the address {row.slug} stands in line {lines[row.slug]} already")
        lines.setdefault(row.slug, row.line)
    if errors := [f"line {row.line}: {error}" for row in rows for error in row.errors]:
        raise BadFile(errors)
    return rows


def _rows(reader: "csv.DictReader[str]", folder: Path) -> Iterator[Row]:
    names = set(reader.fieldnames or ())
    if unknown := sorted(names - columns()):
        raise BadFile([f"line 1: there is no column {', '.join(unknown)}"])
    if "slug" not in names:
        raise BadFile(["line 1: the column slug is missing"])
    line = reader.line_num + 1
    for cells in reader:
        yield _row(line, cells, folder)
        line = reader.line_num + 1


def _row(line: int, cells: dict[str, str], folder: Path) -> Row:
    if None in cells or None in cells.values():
        return Row(line, "", errors=["it has more or fewer cells than the first line"])
    told = {name: text.strip() for name, text in cells.items() if text.strip()}
    row = Row(line, told.get("slug", ""))
    if not row.slug:
        row.errors.append("the address (slug) is missing")
    for name in _PLAIN - {"slug", "poster", "rent_days", "rent_hours", "publish", "audio_languages"}:
        if name in told:
            row.facts[name] = _number(row, name, told[name]) if name in _NUMBERS else told[name]
    if "audio_languages" in told:
        row.facts["audio_languages"] = spoken = told["audio_languages"].lower().split()
        row.errors += [f"there is no language {code}" for code in spoken if code not in LANG_INFO]
    _read_texts(row, told)
    _read_chapters(row, told)
    row.own, row.rent = _prices(row, "own", told), _prices(row, "rent", told)
    _read_rental(row, told)
    _read_poster(row, told.get("poster", ""), folder)
    publish = told.get("publish", "").lower()
    if publish not in _YES_NO:
        row.errors.append(f"publish must be yes, no or empty, not {publish}")
    row.is_published = _YES_NO.get(publish)
    return row


def _read_texts(row: Row, told: dict[str, str]) -> None:
    for code, _name in settings.LANGUAGES:
        words = {name: told.get(f"{name}_{code}", "") for name in _WORDS}
        found = {name: text for name, text in words.items() if text}
        if found:
            row.texts[code] = found


def _read_chapters(row: Row, told: dict[str, str]) -> None:
    """In a cell one after another, on lines of their own or with | between: `1:02:03 The title`."""
    for code, _name in settings.LANGUAGES:
        for text in told.get(f"chapters_{code}", "").replace("|", "\n").splitlines():
            clock, _space, title = text.strip().partition(" ")
            if not clock:
                continue
            start, known = contents.clock_seconds(clock), row.chapters.setdefault(code, {})
            if start is None or not title.strip():
                row.errors.append(f"chapters_{code}: a chapter is its time and its title, not {text[:40]}")
            elif start in known:
                row.errors.append(f"chapters_{code}: two chapters begin at {clock}")
            else:
                known[start] = title.strip()


def _prices(row: Row, kind: str, told: dict[str, str]) -> Prices:
    prices = {}
    for currency in money.CURRENCIES:
        name = f"{kind}_{currency}"
        amount_minor = _number(row, name, told[name]) if name in told else None
        if amount_minor is not None:
            prices[currency] = amount_minor
            try:
                money.check_amount(amount_minor, currency)
            except money.BadAmount as error:
                row.errors.append(f"{name}: {error}")
    return prices


def _read_rental(row: Row, told: dict[str, str]) -> None:
    days, hours = told.get("rent_days"), told.get("rent_hours")
    if row.rent and not (days and hours):
        row.errors.append("a rental's price needs rent_days and rent_hours")
    if days and hours:
        numbers = _number(row, "rent_days", days), _number(row, "rent_hours", hours)
        if numbers[0] and numbers[1]:
            row.rent_times = numbers[0], numbers[1]


def _read_poster(row: Row, name: str, folder: Path) -> None:
    if not name:
        return
    path = folder / name
    if path.suffix.lower() not in _PICTURES:
        row.errors.append(f"the poster {name} is no picture that browsers show")
    elif not path.is_file():
        row.errors.append(f"the poster {name} is not there")
    elif path.stat().st_size > _LARGEST_PICTURE_BYTES:
        row.errors.append(f"the poster {name} is larger than 8 MB")
    else:
        row.poster = path


def _number(row: Row, name: str, text: str) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    row.errors.append(f"{name} must be a whole number, not {text[:40]}")
    return None
