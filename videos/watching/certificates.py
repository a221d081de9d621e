"""Says on paper that somebody watched a whole course, and lets others check it without saying who he is."""

import secrets
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.identity import Viewer
from accounts.models import User
from videos.models import Certificate, Collection, Video
from videos.models.viewer_codes import ALPHABET
from videos.watching import courses

_TRIES: Final = 5


class NotComplete(Exception):
    """Something of the course was not watched yet, or it is no course."""


def completed_at(user: User, collection: Collection, *, at: datetime) -> datetime | None:
    """This will tell when the last film of a course was watched; None while one is left."""
    if collection.kind != Collection.Kind.COURSE:
        return None
    films = list(Video.objects.in_shop(at=at).filter(items__collection=collection))
    return courses.progress(films, courses.seen_of(Viewer(user_id=user.pk), films)).completed_at


def of(user: User, collection: Collection) -> Certificate | None:
    """This will find the user's certificate of a course."""
    return Certificate.objects.filter(user=user, collection=collection).first()


def issue(
    user: User,
    collection: Collection,
    *,
    name: str,
    is_name_shared: bool,
    time_zone: str,
    at: datetime,
) -> Certificate:
    """This will make out the certificate, or correct the name on the one there is.

    The day on it is the day in its owner's time zone, and stays, as does its code.

    :raises NotComplete: there is nothing to certify.
    """
    for _ in range(_TRIES):
        if (known := of(user, collection)) is not None:
            known.name, known.is_name_shared = name, is_name_shared
            known.save(update_fields=["name", "is_name_shared"])
            return known
        completed = completed_at(user, collection, at=at)
        if completed is None:
            raise NotComplete
        course, number = _course(collection, at=at), _next_number()
        try:
            with transaction.atomic():
                return Certificate.objects.create(
                    number=number,
                    code=f"{number:06d}-{_letters()}",
                    user=user,
                    name=name,
                    is_name_shared=is_name_shared,
                    **course,
                    completed_at=completed,
                    issued_at=at,
                    time_zone=known_zone(time_zone),
                )
        except IntegrityError:
            continue  # another took the number, or another page made it out
    raise NotComplete


def _course(collection: Collection, *, at: datetime) -> dict[str, Any]:
    """What a certificate says of the course, which may grow later."""
    films = Video.objects.in_shop(at=at).filter(items__collection=collection)
    durations = list(films.values_list("duration_seconds", flat=True))
    return {"collection": collection, "films": len(durations), "total_seconds": sum(durations)}


def _next_number() -> int:
    return (Certificate.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def check(code: str) -> Certificate | None:
    """This will find a certificate by its code, however that was typed."""
    typed = code.strip().upper()
    found = Certificate.objects.select_related("collection").prefetch_related("collection__texts")
    return found.filter(code=typed).first() if len(typed) <= Certificate.LONGEST_CODE else None


def known_zone(name: str) -> str:
    """This will give the zone back if there is such a one, else the shop's."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return settings.TIME_ZONE
    return name or settings.TIME_ZONE


def _letters() -> str:
    """What makes a code more than its number: nobody guesses 48 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))
