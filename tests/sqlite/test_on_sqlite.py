"""The sale and its races once more on SQLite, in a run of their own: settings choose the database.

Row locks do nothing there; what holds are constraints, conditional updates and IMMEDIATE transactions.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.long(together=True)

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PAYING: Final = "tests/concurrency/test_paying_at_once.py"
TESTING: Final = "tests/concurrency/test_card_testing_at_once.py"
SETTLING: Final = "tests/concurrency/test_settling_at_once.py"
RIGHTS: Final = "tests/concurrency/test_rights_at_once.py"
BOOKS: Final = "tests/billing/test_ledger_rules.py"
FILMS: Final = "tests/videos/test_film_sql.py"
PLAYING: Final = "tests/videos/test_playing_sql.py"
AGAIN: Final = (
    "tests/sqlite/journey.py::test_the_database_is_sqlite_in_wal_mode",
    "tests/sqlite/journey.py::test_a_film_is_bought_watched_and_resumed",
    f"{PAYING}::test_twenty_presses_of_one_quote_are_one_sale",
    f"{PAYING}::test_twenty_presses_in_two_tabs_are_one_sale",
    f"{TESTING}::test_as_many_come_through_as_the_limit_says",
    f"{SETTLING}::test_eight_threads_settle_one_payment",
    f"{SETTLING}::test_the_answer_the_webhook_and_the_sweep_bring_one_payment",
    f"{SETTLING}::test_four_witnesses_of_a_passed_challenge_bring_one_payment",
    f"{SETTLING}::test_everybody_asks_everywhere_and_the_receipt_is_mailed_once",
    f"{RIGHTS}::test_two_first_plays_start_a_rental_once",
    f"{BOOKS}::test_what_is_booked_stays_as_it_is[change-LedgerEntry]",
    f"{BOOKS}::test_what_is_booked_stays_as_it_is[delete-LedgerEntry]",
    f"{BOOKS}::test_what_is_booked_stays_as_it_is[change-BalanceTransaction]",
    f"{BOOKS}::test_what_is_booked_stays_as_it_is[delete-BalanceTransaction]",
    f"{BOOKS}::test_a_set_that_does_not_balance_is_not_committed[one side]",
    f"{BOOKS}::test_a_set_that_does_not_balance_is_not_committed[unequal]",
    f"{BOOKS}::test_a_set_that_does_not_balance_is_not_committed[two currencies]",
    f"{BOOKS}::test_nothing_is_added_to_a_set_that_is_booked",
    f"{BOOKS}::test_one_cause_is_booked_once",
    *(f"{FILMS}::test_the_film_is_the_orms[{kind}]" for kind in ("plain", "full", "leaving", "strict")),
    f"{PLAYING}::test_each_right_opens_what_it_opens_by_the_orm",
    f"{PLAYING}::test_a_film_that_leaves_is_open_to_whom_the_orm_says",
    f"{PLAYING}::test_the_best_of_several_rights_is_the_orm_s",
    f"{PLAYING}::test_a_session_is_found_as_the_orm_reads_it",
)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each test on SQLite: nothing, or how it failed."""
    report = tmp_path_factory.mktemp("sqlite") / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *AGAIN]
    environment = os.environ | {"MATINEE_TEST_DATABASE": "sqlite"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert report.exists(), run.stdout + run.stderr
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314 (our own report)
    return {str(case.get("name")): _failure(case) for case in cases}


@pytest.mark.parametrize("test", AGAIN, ids=lambda test: test.partition("::")[2])
def test_holds_on_sqlite_too(test: str, said: dict[str, str]) -> None:
    name = test.partition("::")[2]

    assert name in said, f"it did not run; {len(said)} others did"
    assert said[name] == ""


def _failure(case: ElementTree.Element) -> str:
    return "\n".join(f"{part.get('message')}\n{part.text}" for part in case if part.tag != "system-out")
