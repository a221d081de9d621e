from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.taxing import tax_table


class Command(BaseCommand):
    help = (
        "Load tax rates from a table: country,starts_on,percent. Again: nothing changes. Orders that are paid"
        " keep their tax."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=tax_table.SHIPPED,
            help="a CSV file; without one, our own table",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = tax_table.load(options["file"])
        except (tax_table.BadTable, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"{loaded.new} new, {loaded.changed} changed, {loaded.same} the same.")
