"""Whose code stands in a recording, and in which of his sessions it was made.

    python manage.py trace 7K2?QX9?BT --film noon --second 1345 --at 2026-07-01T21:30+09:00 [--end]

Type `?` for a character that cannot be read. The film, the second of it and the time at which it was seen
are optional, and put the viewer's sessions in order. Where a character must have been misread, that is said:
nobody is to be accused on that alone. Then it offers to end the viewer's sessions.
"""

import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from videos import tracing
from videos.models import Video, ViewerCode
from videos.tracing import Candidate, Sighting, Trace

_SHOWN_SESSIONS = 10
_SHOWN_CANDIDATES = 5


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="ten characters, ? for what can't be read")
        parser.add_argument("--film", default="", help="the address of the film it was seen in")
        parser.add_argument("--second", type=int, help="at which second of the film")
        parser.add_argument("--at", default="", help="when it was seen, as 2026-07-01T21:30+09:00")

        parser.add_argument(
            "--end",
            action="store_true",
            help="end his sessions, without being asked; only for a sure reading",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = tracing.candidates(options["code"])
        if not found:
            raise CommandError("No viewer has a code like this: six characters must be right, at the least.")
        for candidate in found[:_SHOWN_CANDIDATES]:
            self._name(candidate)
        if tracing.leading(found) is None:
            raise CommandError(
                "More than one viewer fits as well. Read more of the code, from another place."
            )
        traces = tracing.sessions(found[0].code, _sighting(options))
        self._list(traces)
        self._offer_to_end(found[0], traces, is_told=options["end"])

    def _name(self, candidate: Candidate) -> None:
        self.stdout.write(f"{candidate.code}  {_who(candidate.code)}")
        if candidate.is_certain:
            self.stdout.write(
                f"  All that was read fits. For anybody else's code, {candidate.margin} characters of it"
                " would have to be wrong."
            )
        elif candidate.misread:
            self.stdout.write(
                f"  Only if {candidate.misread} of the characters was misread. Look again before you act."
                if candidate.misread == 1
                else f"  Only if {candidate.misread} of the characters were misread. Not to be acted upon."
            )
        else:
            self.stdout.write(
                "  What was read fits, but is too little to be sure. Look again before you act."
            )

    def _list(self, traces: list[Trace]) -> None:
        if not traces:
            self.stdout.write("This viewer has no session from before that time.")
            return
        self.stdout.write("Sessions, the likeliest first:")
        for number, trace in enumerate(traces[:_SHOWN_SESSIONS], start=1):
            self.stdout.write(f"{number:3}. {_line(trace)}")
        if len(traces) > _SHOWN_SESSIONS:
            self.stdout.write(f"     and {len(traces) - _SHOWN_SESSIONS} more")

    def _offer_to_end(self, candidate: Candidate, traces: list[Trace], *, is_told: bool) -> None:
        if is_told and not candidate.is_certain:
            raise CommandError("Nothing was ended: give the whole code of the viewer whom you mean.")
        if all(trace.session.ended_at for trace in traces):
            return
        if is_told or self._is_wanted():
            ended = tracing.end(candidate.code, at=timezone.now())
            self.stdout.write(f"{ended} ended. Who still has the right may begin again.")

    def _is_wanted(self) -> bool:
        """Asked of people only: a script has `--end`."""
        return sys.stdin.isatty() and input("End this viewer's sessions? [y/N] ").strip().lower() == "y"


def _sighting(options: dict[str, Any]) -> Sighting:
    film = Video.objects.filter(slug=options["film"]).first()
    if options["film"] and film is None:
        raise CommandError(f"There is no film {options['film']}.")
    seen_at: datetime | None = None
    if options["at"]:
        try:
            seen_at = parse_datetime(options["at"])
        except ValueError:
            seen_at = None
        if seen_at is None or seen_at.tzinfo is None:
            raise CommandError("--at is a time with its zone, as 2026-07-01T21:30+09:00.")
    return Sighting(film=film, second=options["second"], seen_at=seen_at)


def _who(code: ViewerCode) -> str:
    bought = tracing.purchases(code)
    orders = f"; purchases {', '.join(bought)}" if bought else ""
    return f"{code.user}{orders}" if code.user else f"a guest's browser{orders}"


def _line(trace: Trace) -> str:
    session = trace.session
    state = "ended" if session.ended_at else ""
    facts = [
        f"{session.opened_at:%Y-%m-%d %H:%M:%S %Z}",
        str(session.video),
        session.device,
        session.reference,
    ]
    return "  ".join(filter(None, [*facts, state]))
