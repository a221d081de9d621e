"""Guests who bought: each with a session, a pass, a right, a code and an opened playback session that holds
its viewer's place to play.
"""

import itertools
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from accounts.models import Pass, User
from videos.kollus import tokens
from videos.models import Entitlement, PlaybackSession, StreamLease, Video, ViewerCode
from videos.models.viewer_codes import new_code

GUESTS = 10_000
CSRF = "b" * 32
_WITH_BROWSER = 200
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Guest:
    """What his browser and his player would send."""

    slug: str
    media_content_key: str
    cuid: str
    mark: str
    cookie: str


@cache
def crowd() -> list[Guest]:
    """This will make the guests, once a run; the first two hundred have their browser's cookies."""
    now, films = timezone.now(), list(Video.objects.order_by("id")[:50])
    visitors = [secrets.token_hex(16) for _ in range(GUESTS)]
    shown = list(itertools.islice(itertools.cycle(films), GUESTS))
    Pass.objects.bulk_create(Pass(visitor=each, reference=each) for each in visitors)
    drawn: set[str] = set()
    while len(drawn) < GUESTS:  # of six hundred million, some would be drawn twice
        drawn.add(new_code())
    codes = ViewerCode.objects.bulk_create(
        ViewerCode(visitor=visitor, code=code) for visitor, code in zip(visitors, drawn, strict=True)
    )
    rights = Entitlement.objects.bulk_create(
        Entitlement(reason="purchase", reference=visitor, video=film, starts_at=now)
        for visitor, film in zip(visitors, shown, strict=True)
    )
    viewings = PlaybackSession.objects.bulk_create(
        PlaybackSession(
            **{"viewer_code": code, "entitlement": right, "video": right.video, "browser": visitor},
            **{"opened_at": now, "link_until": now + _AN_HOUR},
        )
        for code, right, visitor in zip(codes, rights, visitors, strict=True)
    )
    StreamLease.objects.bulk_create(
        StreamLease(
            viewer_code=viewing.viewer_code,
            slot=1,
            session=viewing,
            browser=visitor,
            taken_at=now,
            beaten_at=now,
        )
        for viewing, visitor in zip(viewings, visitors, strict=True)
    )
    cookies = [cookie_of_guest(visitor) for visitor in visitors[:_WITH_BROWSER]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [
        guest_of(viewing, cookies[number] if number < _WITH_BROWSER else "")
        for number, viewing in enumerate(viewings)
    ]


def cookie_of(session: SessionStore) -> str:
    """This will keep the session and write the cookies that a browser with it would send."""
    session.save(must_create=True)
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def cookie_of_user(user: User, marks: dict[str, object] | None = None) -> str:
    """This will sign a user in at a new browser and write its cookies.

    `marks` is what else its session holds.
    """
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.update(marks or {})
    return cookie_of(session)


def cookie_of_guest(visitor: str) -> str:
    """This will write the cookies of a guest's browser."""
    session = SessionStore()
    session["visitor"] = visitor
    return cookie_of(session)


def guest_of(viewing: PlaybackSession, cookie: str) -> Guest:
    """This will say what is sent for a viewing that is kept."""
    film, cuid = viewing.video, viewing.viewer_code.code
    key = film.media_content_key
    mark = tokens.session_mark(viewing.reference, cuid=cuid, media_content_key=key)
    return Guest(film.slug, key, cuid, mark, cookie)
