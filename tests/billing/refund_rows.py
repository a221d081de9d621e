"""Reads the refund decisions that were made by hand, from `refund_decisions/`, into cases and expectations.

Instants without an offset are of the row's own zone. Left empty: `reason` he changed his mind; `films` a
single film; `confirmed_at` and `told_at` with the payment, of a membership `told_at` with its contract;
`paid_at` and `contract_at` with the period's start. `watched` is one number of seconds, or the player's
report, the stream's lease and the links handed out. `consents` holds `c` for the wish that supply begin at
once and `a` for knowing that this ends the right.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from billing.refunding.cases import Consents, Kind, Membership, Reason, RefundCase, Watched
from billing.refunding.decisions import Decision

FOLDER: Final = Path(__file__).parent / "refund_decisions"
TABLES: Final = {Kind.OWN: "own.csv", Kind.RENT: "rent.csv", Kind.MEMBERSHIP: "membership.csv"}


@dataclass(frozen=True)
class Expected:
    answer: str
    amount_minor: int
    rule: str
    sentence: str


@dataclass(frozen=True)
class Row:
    id: str
    case: RefundCase
    at: datetime
    expected: Expected
    sources: tuple[str, ...]
    why: str

    def complaint(self, decision: Decision) -> str:
        """What is wrong with the decision, or nothing."""
        found = Expected(decision.answer, decision.amount_minor, decision.rule, decision.sentence)
        return "" if found == self.expected else f"{self.id} ({self.why}): {found} instead of {self.expected}"


def rows(kind: Kind) -> list[Row]:
    return [_row(kind, cells) for cells in _cells(TABLES[kind])]


def every_row() -> list[Row]:
    return [row for kind in Kind for row in rows(kind)]


def sources() -> set[str]:
    return {cells["code"] for cells in _cells("sources.csv")}


def _cells(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(file))


def _row(kind: Kind, cells: dict[str, str]) -> Row:
    answer, rule, sentence = cells["answer"], cells["rule"], cells["sentence"]
    return Row(
        id=cells["id"],
        case=_case(kind, cells),
        at=_instant(cells["asked_at"], cells["zone"]),
        expected=Expected(answer, int(cells["amount"]), rule, sentence),
        sources=tuple(cells["source"].split()),
        why=cells["why"],
    )


def _case(kind: Kind, cells: dict[str, str]) -> RefundCase:
    facts, zone = cells["facts"].split(), cells["zone"]
    membership = _membership(cells) if kind is Kind.MEMBERSHIP else None
    paid_at = _instant(cells["paid_at"] or cells.get("period_start", ""), zone)
    started, _, films = cells.get("films", "").partition("/")
    return RefundCase(
        kind=kind,
        country=cells["country"],
        time_zone=zone,
        paid_at=paid_at,
        amount_minor=int(cells["paid"]),
        currency=cells["currency"],
        consents=_consents(cells, paid_at, membership.contract_at if membership else paid_at),
        refunded_minor=int(cells["refunded"] or 0),
        reason=Reason(cells["reason"] or "changed_mind"),
        watched=_watched(cells["watched"]),
        runtime_seconds=int(cells.get("runtime", 0)),
        films=int(films or 1),
        films_started=int(started or 0),
        start_by=_optional(cells.get("start_by", ""), zone),
        started_at=_optional(cells.get("started_at", ""), zone),
        membership=membership,
        is_business="business" in facts,
        is_bought_twice="twice" in facts,
        is_disputed="disputed" in facts,
    )


def _membership(cells: dict[str, str]) -> Membership:
    zone, start = cells["zone"], cells["period_start"]
    return Membership(
        contract_at=_instant(cells["contract_at"] or start, zone),
        starts_at=_instant(start, zone),
        ends_at=_instant(cells["period_end"], zone),
        is_price_clear="price_unclear" not in cells["facts"],
    )


def _consents(cells: dict[str, str], paid_at: datetime, contract_at: datetime) -> Consents:
    told, confirmed = cells["told_at"], cells.get("confirmed_at", "")
    return Consents(
        wanted_at_once="c" in cells["consents"],
        knew_of_loss="a" in cells["consents"],
        told_at=_optional(told, cells["zone"]) if told else contract_at,
        confirmed_at=_optional(confirmed, cells["zone"]) if confirmed else paid_at,
    )


def _watched(cell: str) -> Watched:
    witnesses = [int(seconds) for seconds in cell.split("/")]
    return Watched(*witnesses) if len(witnesses) == 3 else Watched(reported_seconds=witnesses[0])


def _optional(cell: str, zone: str) -> datetime | None:
    return _instant(cell, zone) if cell not in {"", "never"} else None


def _instant(cell: str, zone: str) -> datetime:
    moment = datetime.fromisoformat(cell)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
