"""Who is watching: a signed-in user, a browser that holds passes, or both."""

import hashlib
import secrets
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import Pass

_VISITOR_KEY = "visitor"


@dataclass(frozen=True)
class Viewer:
    """A user's row id, a visitor id, or both; neither means nobody we have met.

    `browser` is one name for whatever comes from one browser session, and tells nothing else of it.
    """

    user_id: int | None = None
    visitor: str = ""
    browser: str = field(default="", compare=False)

    @property
    def is_nobody(self) -> bool:
        return self.user_id is None and not self.visitor

    def references(self) -> QuerySet[Pass, str]:
        """The purchases this browser or this user holds a pass to, for use inside a query."""
        held = Q(pk__in=[])
        if self.visitor:
            held |= Q(visitor=self.visitor)
        if self.user_id is not None:
            held |= Q(user_id=self.user_id)
        return Pass.objects.filter(held).values_list("reference", flat=True)


def viewer_of(request: HttpRequest) -> Viewer:
    """This will tell who asks, without opening a session for a browser that has none."""
    user, visitor = request.user, request.session.get(_VISITOR_KEY, "")
    return Viewer(
        user_id=user.pk if user.is_authenticated else None,
        visitor=visitor,
        browser=visitor or _name_of(request.session.session_key),
    )


def recognise(request: HttpRequest) -> Viewer:
    """This will tell who asks, and give a browser met for the first time its visitor id.

    Again: the same id.
    """
    if not request.session.get(_VISITOR_KEY):
        request.session[_VISITOR_KEY] = secrets.token_hex(16)
    return viewer_of(request)


def keep_passes(*, visitor: str, user_id: int) -> None:
    """This will make the passes of the browser `visitor` the user's too. One that is a user's stays his."""
    if visitor:
        Pass.objects.filter(visitor=visitor, user=None).update(user=user_id)


def give_pass(*, visitor: str, reference: str) -> None:
    """This will let the browser `visitor` use the purchase `reference`. A second call changes nothing."""
    Pass.objects.bulk_create([Pass(visitor=visitor, reference=reference)], ignore_conflicts=True)


def _name_of(session_key: str | None) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:32] if session_key else ""
