from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from videos.publishing import importing
from videos.publishing.import_file import BadFile


class Command(BaseCommand):
    help = """Bring many videos in from a CSV file (UTF-8), one a line, by their address.

Columns: slug; title_en, tagline_en, description_en and the same in ko; protection (none,
multi_drm, kollus); upload_file_key, media_content_key, duration_seconds; poster (a file
beside the CSV); audio_languages (en ko); released_year; age_rating; own_usd, rent_krw and
so on, in minor units; rent_days, rent_hours; publish (yes or no); chapters_en, chapters_ko
(0:00 Title | 12:34 Title, or one on each line of the cell); trailer_key, preview_seconds.
Only slug is required, and an empty cell leaves things as they are.

A line that cannot be is named with what is wrong, and then nothing at all is imported. The
same file again changes nothing. Keys and length are taken where the video has none: later
Kollus' word counts. What cannot be put in the shop yet is named, with exit status 1.

    manage.py import_videos films.csv"""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = importing.bring_in(options["file"], at=timezone.now())
        except BadFile as error:
            raise CommandError(f"Nothing was imported.\n{error}") from None
        if options["verbosity"]:
            self.stdout.write(f"{outcome.new} new, {outcome.changed} changed, {outcome.same} the same.")
        if outcome.refused:
            raise CommandError("\n".join(["Not in the shop yet:", *outcome.refused]))
