from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.models import Erasure
from billing.privacy import erasing, forgetting
from billing.privacy.erasing import Prospect


class Command(BaseCommand):
    help = (
        "Erases the person behind an address. Orders, receipts and the books stay, under a pseudonym;"
        " cards on file are deleted at Stripe. It can't be undone: export_person first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the person's e-mail address")
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what would happen, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        expected = erasing.prospect(options["address"], at=now)
        if expected.is_nothing:
            self.stdout.write("Nothing is kept about this address.")
            return
        self._tell(expected)
        if options["dry_run"]:
            return
        try:
            erasing.erase(options["address"], by=Erasure.By.STAFF, at=now)
        except erasing.MustWait as error:
            raise CommandError("Nothing was erased, since something has to be over first.") from error
        forgetting.sweep(at=now)
        self.stdout.write("Erased.")

    def _tell(self, expected: Prospect) -> None:
        for what, counts in (("deleted", expected.deleted), ("kept without a name", expected.kept)):
            for model, count in counts.items():
                self.stdout.write(f"{what}: {count} × {model._meta.label}")
        for sentence in expected.sentences:
            self.stdout.write(f"first: {sentence}")
