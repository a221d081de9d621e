from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.reconciling import reconciliation
from billing.stripe.intents import StripeRefused, StripeUnavailable

_DAYS = 7
_MINUTES = 5


class Command(BaseCommand):
    help = """Hold orders, ledger and Stripe's own records against each other.

Reads the charges, refunds, disputes and balance transactions that Stripe lists, and compares them
with what this shop sold, gave back and booked; where Stripe tells the tax (TAX_BY=stripe), that
of each sale too. Each difference is told in a sentence,
followed by what to do about it. Stripe is only read: no money moves.

    manage.py reconcile                      the last seven days
    manage.py reconcile --since 2026-11-01   since the beginning of that day (UTC)
    manage.py reconcile --fix                and repair what is safe to repair: settle sales
                                             that got lost, note refunds and disputes
                                             known to Stripe, keep and book what is missing

The exit status is 0 if everything agrees (or was repaired), and 1 if a difference is left."""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since",
            type=_instant,
            metavar="DATE",
            help=f"where to begin, as 2026-11-01 or 2026-11-01T09:30 (UTC); {_DAYS} days ago if not given",
        )
        parser.add_argument(
            "--until",
            type=_instant,
            metavar="DATE",
            help=f"where to end; {_MINUTES} minutes ago if not given: what is younger may be under way still",
        )
        parser.add_argument("--fix", action="store_true", help="repair what is safe to repair")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        until = options["until"] or now - timedelta(minutes=_MINUTES)
        since = options["since"] or until - timedelta(days=_DAYS)
        if since >= until:
            raise CommandError("Nothing lies between these two dates.")
        left = repaired = 0
        try:
            for each in reconciliation.reconcile(since=since, until=until, at=now, fix=options["fix"]):
                self.stdout.write(f"{each.what}\n    {each.repair}")
                repaired += each.is_repaired
                left += not each.is_repaired
        except StripeUnavailable:
            raise CommandError("Stripe does not answer. What is said above holds; run it again.") from None
        except StripeRefused:
            raise CommandError(
                "Stripe does not know the last movement that is kept here. Compare the keys: "
                "these may be another account's records."
            ) from None
        if left:
            raise CommandError(f"Differences: {left} left, {repaired} repaired.")
        self.stdout.write(f"Everything agrees, {repaired} repaired." if repaired else "Everything agrees.")


def _instant(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date: write it as 2026-11-01") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)
