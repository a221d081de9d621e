import csv
import io
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.books import money_report
from videos import money


class Command(BaseCommand):
    help = """Write a month's money as CSV, added up from the ledger.

A line for each currency and country: sales without tax, discounts, refunds, disputes,
Stripe's fees, tax, and what sales leave net of all but tax. Each sum stands there in
minor units (990 is $9.90, and ₩990) and once more as people write it. The country is
the one where an order was taxed; it is empty where none is known. Fees and disputes
count in the currency in which Stripe settled them.

    manage.py money_report --month 2026-11
    manage.py money_report --month 2026-11 --currency krw > november.csv

Months are in the shop's time zone."""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", required=True, help="as 2026-11")
        parser.add_argument(
            "--currency",
            default="",
            choices=money.CURRENCIES,
            metavar="CODE",
            help="as usd; all if not given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = money_report.of(options["month"], currency=options["currency"])
        except money_report.BadMonth:
            raise CommandError(f"{options['month']} is no month: write it as 2026-11.") from None
        text = io.StringIO()
        csv.writer(text).writerows(money_report.table(options["month"], rows))
        self.stdout.write(text.getvalue(), ending="")
