from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from accounts.jobs import hint
from videos import tasks
from videos.kollus import api_client
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.kollus.file_form import FileSpoilt
from videos.kollus.uploading import NoSuchProfile
from videos.models import Video
from videos.publishing import sending, uploads

_SENTENCES: dict[type[Exception], str] = {
    sending.NoFile: "{file} can't be sent: {error}.",
    sending.UnderWay: "Another file of {film} is on its way. Give --replace to send this one in its place.",
    uploads.AlreadyHere: "This very file has arrived already. Nothing is sent again.",
    uploads.WouldReplace: (
        "{film} has a film. Give --replace to send this one in its place: who bought it sees the new one."
    ),
    NoSuchProfile: (
        "Kollus knows no encoding profile {profile} of this account; or KOLLUS_API_TOKEN is another's."
    ),
    KollusUnavailable: "Kollus does not answer. Nothing was sent; try again in a minute.",
    KollusRefused: "Kollus refuses: {error}",
    sending.NotTaken: "Kollus did not take the file ({error}). Run it again: it begins anew.",
    sending.OutcomeUnknown: (
        "The line to Kollus broke ({error}). Whether the file arrived is asked of Kollus by itself;"
        " run it again to send it from the start."
    ),
    FileSpoilt: "{file} changed while it was sent, or could not be read on. Nothing counts: run it again.",
}


class Command(BaseCommand):
    help = """Send a film that is encoded already from this server's disk to Kollus, unchanged.

The browser's upload has Kollus encode the file; this one keeps it as it is ("passthrough"),
encoded as the profile says, whose key stands in Kollus' console. Kollus calls the film by
the file's name. What comes after is the same: the film's page in the admin follows it, and
it becomes the video's film once Kollus has it. It works from the server alone, since the
address it is sent to holds the account's token.

Again, it begins from the start with a fresh address, and the earlier try is given up; a file
that has arrived is not sent twice. Another film is replaced with --replace alone.

    manage.py send_film noon /srv/films/noon.mp4 --profile acct-pc1-high"""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the film's address")
        parser.add_argument("file", type=Path)
        parser.add_argument("--profile", required=True, help="the key of the encoding profile it was made to")
        parser.add_argument("--replace", action="store_true", help="take the place of another film or try")

    def handle(self, *args: Any, **options: Any) -> None:
        film = Video.objects.filter(slug=options["slug"]).first()
        if film is None:
            raise CommandError("There is no such film.")
        if not api_client.is_set_up():
            raise CommandError("KOLLUS_API_TOKEN is not set, so nothing can be sent to Kollus.")
        words = {"film": film.slug, "file": options["file"], "profile": options["profile"]}
        try:
            key = sending.send(
                film,
                options["file"],
                profile_key=options["profile"],
                replace=options["replace"],
                told=self._tell,
                at=timezone.now(),
            )
        except tuple(_SENTENCES) as error:
            raise CommandError(_SENTENCES[type(error)].format(error=error, **words)) from None
        hint(tasks.look_at_kollus)
        if options["verbosity"]:
            self.stdout.write(f"{film.slug} was sent; at Kollus it is {key}.")

    def _tell(self, percent: int) -> None:
        """To whoever looks on, each tenth."""
        if self.stdout.isatty() and percent % 10 == 0:
            self.stdout.write(f"{percent:3} %")
