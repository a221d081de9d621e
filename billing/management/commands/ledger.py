from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.books import ledger
from billing.books.ledger import Comparison


class Command(BaseCommand):
    help = """Derive the ledger again from the records that it comes from.

Paid orders, refunds and Stripe's balance transactions say what must be booked. Each is
derived again, and a hash of all of it is compared with the hash of what is booked.

    manage.py ledger rebuild --check   only compare
    manage.py ledger rebuild           book what is missing first

What is booked is never changed. The exit status is 0 if both are the same, and 1 if not."""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["rebuild"], help="derive the ledger again")
        parser.add_argument("--check", action="store_true", help="book nothing, only compare")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(f"Booked {ledger.post_missing()} missing entries.")
        found = ledger.check()
        self.stdout.write(f"from the records: {found.derived.sets} sets, hash {found.derived.hash}")
        self.stdout.write(f"in the ledger:    {found.booked.sets} sets, hash {found.booked.hash}")
        for line in _named(found):
            self.stdout.write(line)
        if not found.is_same:
            raise CommandError("The ledger is not what the records say.")
        self.stdout.write("They are the same.")


def _named(found: Comparison) -> list[str]:
    """The first of each kind of difference."""
    return [
        *(f"{cause} is not booked" for cause in found.missing),
        *(f"{cause} is booked otherwise than its record says" for cause in found.different),
        *(f"{cause} is booked, but no record says why" for cause in found.without_record),
    ]
