from argparse import RawDescriptionHelpFormatter
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from videos.models import TakeDown, Video
from videos.publishing import taking_down


class Command(BaseCommand):
    help = """Have a film leave the shop: at once, or at an instant that its pages tell of before.

From then on nobody gets it anew, members neither. Its owners keep it or lose it: who loses
it is told by mail, and what was paid for it goes back by the shop's rule. It can be called
off until it has left.

    manage.py take_down noon --owners lose --cause demand --because "Their letter of 3 May"
    manage.py take_down noon --owners keep --cause licence --because "Contract 12" \\
        --at 2027-01-01T00:00+09:00
    manage.py take_down noon --call-off"""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the film's address")
        parser.add_argument("--owners", choices=TakeDown.Owners.values, help="what becomes of what they have")
        parser.add_argument("--cause", choices=TakeDown.Cause.values, help="why it leaves, for its pages")
        parser.add_argument("--because", default="", help="what stays on record and is shown to nobody")
        parser.add_argument("--at", default="", help="when, as 2026-07-01T00:00+09:00; left out, at once")
        parser.add_argument("--call-off", action="store_true", help="let it stay after all")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        film = Video.objects.filter(slug=options["slug"]).first()
        if film is None:
            raise CommandError("There is no such film.")
        if options["call_off"]:
            self._call_off(film, at=now)
            return
        if not (options["owners"] and options["cause"] and options["because"]):
            raise CommandError(
                "Say what becomes of its owners, the cause, and why: --owners --cause --because."
            )
        try:
            asked = taking_down.take_down(
                film,
                leaves_at=_instant(options["at"]) or now,
                cause=options["cause"],
                owners=options["owners"],
                reason=options["because"],
                at=now,
            )
        except taking_down.AlreadyLeaving as error:
            raise CommandError("It is taken down already; --call-off first, if it is there still.") from error
        self.stdout.write(
            f"{film.slug} leaves at {asked.leaves_at.isoformat()}: its owners {asked.owners} it."
        )

    def _call_off(self, film: Video, *, at: datetime) -> None:
        asked = TakeDown.objects.standing().filter(video=film).select_related("video").first()
        try:
            if asked is None:
                raise taking_down.HasLeft
            taking_down.call_off(asked, at=at)
        except taking_down.HasLeft as error:
            raise CommandError("It does not leave, or has left.") from error
        self.stdout.write(f"{film.slug} stays.")


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = parse_datetime(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise CommandError("Write the instant with its zone, as 2026-07-01T00:00+09:00.")
    return instant
