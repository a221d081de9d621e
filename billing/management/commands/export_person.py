from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.privacy import exporting, persons


class Command(BaseCommand):
    help = "Writes all that the database holds about an address into a zip: index.html to read, data.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the person's e-mail address")
        parser.add_argument("--output", type=Path, help="the file to write; it must not be there yet")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))

    def handle(self, *args: Any, **options: Any) -> None:
        now, person = timezone.now(), persons.of_address(options["address"])
        if not exporting.gather(person):
            raise CommandError("Nothing is kept about this address.")
        output: Path = options["output"] or Path(exporting.file_name(at=now))
        try:
            output.touch(mode=0o600, exist_ok=False)
        except FileExistsError as error:
            raise CommandError(f"{output} is there already.") from error
        output.write_bytes(exporting.archive(person, language=options["language"], at=now))
        self.stdout.write(f"Written to {output}, readable by you alone.")
