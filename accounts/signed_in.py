"""The browsers in which somebody is signed in, told to him and ended by him."""

import re
from datetime import datetime
from typing import Final

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from accounts.models import SignedIn, SignedInQuerySet, User

_MOST: Final = 50
# The first that fits: most name themselves beside those that they descend from.
_BROWSERS: Final = {
    "KAKAOTALK": "KakaoTalk",
    r"NAVER\(": "Naver",
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Whale/": "Whale",
    "Firefox|FxiOS": "Firefox",
    "CriOS|Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS: Final = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


@transaction.atomic
def note(request: HttpRequest, user: User, *, at: datetime) -> None:
    """This will keep that the user signed in with this session, and forget the sessions that are over."""
    SignedIn.objects.of(user).exclude(pk__in=SignedIn.objects.alive(at=at).values("pk")).delete()
    SignedIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "device": device_name(request.headers.get("User-Agent", "")),
            "signed_in_at": at,
        },
    )


def browsers(user: User, *, at: datetime) -> list[SignedIn]:
    """This will list where the user is signed in, newest first."""
    return list(SignedIn.objects.of(user).alive(at=at).order_by("-signed_in_at", "-id")[:_MOST])


@transaction.atomic
def end(rows: SignedInQuerySet) -> int:
    """This will end these sessions at once, and return how many there were."""
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.filter(session_key__in=keys).delete()
    return len(keys)


def rename_session(request: HttpRequest) -> None:
    """This will give the session a new key, as whenever it may do more than before."""
    before = request.session.session_key
    request.session.cycle_key()
    SignedIn.objects.filter(session_key=before).update(session_key=request.session.session_key)


def device_name(user_agent: str) -> str:
    """This will name a browser and its device as their owner calls them: "Chrome · Windows"."""
    found = (
        next((name for mark, name in names.items() if re.search(mark, user_agent)), "")
        for names in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(filter(None, found))
