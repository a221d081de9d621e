"""What was measured, as a JSON line for machines and a table for people."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

Range = tuple[float, float] | None


@dataclass(frozen=True)
class Figure:
    """One figure. `kept` is None where nothing was promised of it."""

    name: str
    value: float
    unit: str
    range: Range = None
    promise: str = ""
    kept: bool | None = None

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def told(name: str, value: float, unit: str, range: Range = None) -> Figure:
    """This will report a figure of which nothing is promised."""
    return Figure(name, _short(value), unit, _short_range(range))


def at_most(name: str, value: float, bound: float, unit: str, range: Range = None) -> Figure:
    """This will hold a figure against an upper bound, which it may reach."""
    return Figure(name, _short(value), unit, _short_range(range), f"≤ {bound:g}", value <= bound)


def at_least(name: str, value: float, bound: float, unit: str, range: Range = None) -> Figure:
    """This will hold a figure against a lower bound, which it may reach."""
    return Figure(name, _short(value), unit, _short_range(range), f"≥ {bound:g}", value >= bound)


def summary(figures: Iterable[Figure], failed: Iterable[str] = ()) -> str:
    """This will write the table, and below it the promises that are not kept and the parts that failed."""
    figures = list(figures)
    rows = [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    broken = [
        f"  {figure.name}: {figure.value:g} {figure.unit}, {figure.promise}" for figure in _broken(figures)
    ]
    verdict = ["Not kept:", *broken] if broken else ["Every promise measured here is kept."]
    unmeasured = [f"Could not be measured: {name}" for name in failed]
    return "\n".join(["", *(line.rstrip() for line in lines), "", *verdict, *unmeasured, ""])


def _row(figure: Figure) -> tuple[str, str, str, str]:
    span = f"[{figure.range[0]:g}–{figure.range[1]:g}]" if figure.range else ""
    verdict = {True: "kept", False: "NOT KEPT", None: ""}[figure.kept]
    return figure.name, f"{figure.value:g} {figure.unit} {span}", figure.promise, verdict


def _broken(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.kept is False]


def _short(value: float) -> float:
    """Three places behind the point are more than the clock is good for."""
    return round(value, 3)


def _short_range(range: Range) -> Range:
    return (_short(range[0]), _short(range[1])) if range else None
