"""Which rows are about a person: by his orders, by his account, by what stands in them."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet

from accounts.models import SignedIn, User
from billing.models import Dispute, Membership, Order
from billing.privacy.persons import Person
from videos.models import Entitlement, PlaybackSession, ViewerCode

Rows = Callable[[Person], QuerySet[Any]]


def of_orders(model: type[Model], path: str) -> Rows:
    """This will find a model's rows by an order of the person's at the end of `path`."""
    return lambda person: model._default_manager.filter(**{f"{path}__in": person.orders().values("pk")})


def of_user(model: type[Model], path: str = "user") -> Rows:
    """This will find a model's rows by the person's account at the end of `path`; none for a guest."""
    return lambda person: model._default_manager.filter(**{path: person.user_id, f"{path}__isnull": False})


def rights(person: Person) -> QuerySet[Entitlement]:
    """What he may watch: bought, or given to his account."""
    whose = Q(reference__in=person.references())
    if person.user_id is not None:
        whose |= Q(user=person.user_id)
    return Entitlement.objects.filter(whose)


def codes(person: Person) -> QuerySet[ViewerCode]:
    """The names under which Kollus knows him."""
    whose = Q(visitor__in=person.visitors())
    if person.user_id is not None:
        whose |= Q(user=person.user_id)
    return ViewerCode.objects.filter(whose)


def playback_sessions(person: Person) -> QuerySet[PlaybackSession]:
    return PlaybackSession.objects.filter(
        Q(entitlement__in=rights(person)) | Q(viewer_code__in=codes(person))
    )


def sessions(person: Person) -> QuerySet[Session]:
    keys = SignedIn.objects.filter(user=person.user_id, user__isnull=False).values("session_key")
    return Session.objects.filter(session_key__in=keys)


def trail(person: Person) -> QuerySet[LogEntry]:
    """What staff did to him and to his purchases, with their reasons."""
    about = Q(object_repr__in=person.addresses)
    his: dict[type[Model], QuerySet[Any]] = {
        User: User.objects.filter(pk__in=[person.user_id] if person.user_id else []),
        Order: person.orders(),
        Membership: Membership.objects.filter(order__in=person.orders()),
        Dispute: Dispute.objects.filter(order__in=person.orders()),
        Entitlement: rights(person),
        PlaybackSession: playback_sessions(person),
    }
    for model, rows in his.items():
        kind = Q(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name)
        about |= kind & Q(object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)])
    return LogEntry.objects.filter(about)
