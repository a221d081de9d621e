"""Holds the traffic with Stripe's stand-in that the tests recorded against Stripe's contract.

    python .ci/traffic.py RECORDS.jsonl

The checker and Stripe's own files lie beside the checkout on CI's machines; where they are not, this says so.
Each call of `stripe_calls.txt` must have been accepted at least once and refused at least once.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CALLS = HERE / "stripe_calls.txt"
BESIDE = HERE.parent.parent / "shared"
_LENGTH_OF_AN_EVENTS_ID = len("evt_") + 24
_AN_HOUR = 3600


def main(records: Path) -> int:
    """Return 0 where all is as it should be."""
    records = _by_stripe(records)
    never_refused = sorted(set(_calls()) - set(_refused(records)))
    for call in never_refused:
        sys.stdout.write(f"never refused in the tests: {call}\n")
    return max(bool(never_refused), _check(records))


def _by_stripe(records: Path) -> Path:
    """The same without the events that tests wrote by hand, which have shorter names than Stripe gives, and
    without those that came while a test let Stripe's clock run days ahead of the shop's.
    """
    kept = records.with_suffix(".stripe.jsonl")
    with records.open() as lines, kept.open("w") as out:
        out.writelines(line for line in lines if _is_stripes(json.loads(line)))
    return kept


def _is_stripes(record: dict[str, Any]) -> bool:
    if record.get("kind") != "webhook":
        return True
    is_ours = len(json.loads(record["body"])["id"]) != _LENGTH_OF_AN_EVENTS_ID
    signed_at = re.search(r"\bt=(\d+)", record["headers"]["Stripe-Signature"])
    is_ahead = signed_at is not None and int(signed_at[1]) > record["received_at"] + _AN_HOUR
    return not (is_ours or is_ahead)


def _calls() -> Iterator[str]:
    for line in CALLS.read_text().splitlines():
        if line and not line.startswith("#"):
            yield line


def _refused(records: Path) -> Iterator[str]:
    shapes = {call: re.compile(re.sub(r"\{\w+\}", "[^/?]+", call) + r"(\?.*)?") for call in _calls()}
    for line in records.open():
        record = json.loads(line)
        if record.get("status", 0) >= 400:
            said = f"{record['method']} {record['path']}"
            yield from (call for call, shape in shapes.items() if shape.fullmatch(said))


def _check(records: Path) -> int:
    checker = BESIDE / "tools" / "stripe_spec_check.py"
    if not checker.exists():
        sys.stdout.write("Stripe's contract is not at hand here: the traffic is not held against it\n")
        return 0
    contract = BESIDE / "reference" / "stripe"
    files = [checker, *contract.glob("openapi-*.derived.json"), records]
    command = [sys.executable, *map(str, files), "--require", str(CALLS)]
    samples = [f"--fixtures={path}" for path in contract.glob("fixtures*.json")]
    return max(subprocess.run(each).returncode for each in (command, [*command, *samples]))  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
