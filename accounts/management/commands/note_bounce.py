import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import bounces, undelivered
from accounts.models import Undeliverable


class Command(BaseCommand):
    help = """Read a mail server's report that a mail was not delivered, and note its address.

Let the server that gets the mail for DEFAULT_FROM_EMAIL pipe reports into this command. A
report counts only if it quotes the Message-ID of a mail that the shop sent to that address.
An order whose address is noted asks its buyer for another one; the admin lists them all.

    manage.py note_bounce < report.eml
    manage.py note_bounce --address ada@example.com    by your own word"""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", help="an address that mail does not reach")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if address := options["address"]:
            undelivered.note(address, told=Undeliverable.Told.REPORTED, code="", at=now)
            self.stdout.write("1 address noted.")
            return
        noted = bounces.hear(options.get("stdin") or sys.stdin.buffer.read(), at=now)
        self.stdout.write(f"{noted} addresses noted.")
