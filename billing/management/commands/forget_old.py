from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.privacy import retaining


class Command(BaseCommand):
    help = (
        "Lets go of what names somebody and is older than the KEEP_…_DAYS settings say; the beat does it too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would go, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        counts = retaining.prospects(at=now) if options["dry_run"] else retaining.let_go(at=now).items()
        for what, count in counts:
            self.stdout.write(f"{count:8} {what}")
