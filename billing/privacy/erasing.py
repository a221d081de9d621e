"""Takes a person out of the database. What the law makes us keep stays under a pseudonym and names nobody.

What happens to each row is said in `holdings`. Orders keep their sums, so that the books go on to balance.
"""

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import ERASED, Mail, User
from billing.models import (
    CardChange,
    Dispute,
    ErasedCustomer,
    Erasure,
    Membership,
    Order,
    Payment,
    RenewalPayment,
)
from billing.privacy import persons
from billing.privacy.holdings import HELD, Held
from billing.privacy.persons import Person
from billing.settling import outcomes

logger = logging.getLogger(__name__)

# What has to be over first, each with the sentence that says what to do.
STAFF: Final = _(
    "This is an account of staff. Somebody else of the office has to take its rights away first."
)
RENEWS: Final = _(
    "There is a membership that renews by itself. End it on its order's page first: then nothing is charged"
    " any more, whatever happens here."
)
UNDER_WAY: Final = _(
    "A payment is under way, and a bank may still say yes to it. Finish it, or come back in a day."
)
DISPUTED: Final = _("A bank is looking into a payment, which can't be answered without it. Come back after.")


class MustWait(Exception):
    """Something has to be over first. Nothing was erased."""

    def __init__(self, sentences: list[Promise]) -> None:
        super().__init__(len(sentences))
        self.sentences = sentences


class _Moved(Exception):
    """Another purchase came in while its buyer was looked for."""


@dataclass(frozen=True)
class Prospect:
    """What erasing would do: rows deleted, and rows that stay without naming anybody, by model."""

    deleted: dict[type[models.Model], int]
    kept: dict[type[models.Model], int]
    sentences: list[Promise]

    @property
    def is_nothing(self) -> bool:
        return not (self.deleted or self.kept)


def prospect(address: str, *, at: datetime) -> Prospect:
    """This will tell what erasing would do, and what would have to be over first."""
    person = persons.of_address(address)
    counts = {model: held.rows(person).count() for model, held in HELD.items()}
    there = {model: count for model, count in counts.items() if count}
    return Prospect(
        deleted={model: count for model, count in there.items() if HELD[model].is_deleted},
        kept={model: count for model, count in there.items() if not HELD[model].is_deleted},
        sentences=list(_obstacles(person, at=at)),
    )


def ends_membership(address: str) -> bool:
    """This will tell whether paid days go with it: those of a membership that is to end anyway."""
    orders = persons.of_address(address).orders()
    return Membership.objects.living().filter(order__in=orders).exists()


def erase(address: str, *, by: Erasure.By, at: datetime) -> Erasure | None:
    """This will erase whoever the address stands for; None where nothing is kept of him, as the second time.

    Payments that settle, orders that are taken and memberships that renew meanwhile are waited for, or find
    the person gone.

    :raises MustWait: see there.
    """
    for _attempt in range(5):
        try:
            return _erase(address, by=by, at=at)
        except _Moved:
            continue
    raise MustWait([UNDER_WAY])


@transaction.atomic
def _erase(address: str, *, by: Erasure.By, at: datetime) -> Erasure | None:
    person = _locked(address)
    if sentences := list(_obstacles(person, at=at)):
        raise MustWait(sentences)
    if not any(held.rows(person).exists() for held in HELD.values()):
        return None
    pseudonym = f"{secrets.token_hex(8)}@{ERASED}"
    erasure = Erasure.objects.create(pseudonym=pseudonym, by=by, erased_at=at)
    _close(person, erasure, at=at)
    for model, held in HELD.items():
        _take_out(model, held, person, pseudonym)
    logger.info("a person was erased", extra={"erasure": erasure.pk, "by": str(by)})
    return erasure


def _locked(address: str) -> Person:
    """Lock what others lock too, in their order: orders, memberships, and last the user, for whom no order
    can be written then.

    :raises _Moved: there was one more by then.
    """
    person = persons.of_address(address)
    orders = _lock(person.orders())
    _lock(Membership.objects.filter(order__in=orders))
    if person.user_id is not None:
        _lock(User.objects.filter(pk=person.user_id))
    person = persons.of_address(address)
    if set(person.orders().values_list("pk", flat=True)) != set(orders):
        raise _Moved
    return person


def _lock(rows: models.QuerySet[Any]) -> list[int]:
    return [row.pk for row in rows.order_by("pk").select_for_update(of=("self",)).only("pk")]


def _obstacles(person: Person, *, at: datetime) -> Iterator[Promise]:
    if person.user_id is not None and User.objects.filter(pk=person.user_id, is_staff=True).exists():
        yield STAFF
    orders = person.orders().values("pk")
    memberships = Membership.objects.filter(order__in=orders)
    if memberships.living().filter(cancels_at_period_end=False, end_wanted_at=None).exists():
        yield RENEWS
    since = at - outcomes.CHALLENGE_LIFE
    attempts: list[models.QuerySet[Any]] = [
        Payment.objects.undecided().filter(order__in=orders),
        Payment.objects.left_open(since=since).filter(order__in=orders),
        RenewalPayment.objects.undecided().filter(renewal__membership__in=memberships),
        RenewalPayment.objects.left_open(since=since).filter(renewal__membership__in=memberships),
        CardChange.objects.undecided().filter(membership__in=memberships),
    ]
    if any(each.exists() for each in attempts):
        yield UNDER_WAY
    if Dispute.objects.filter(order__in=orders).exclude(state__in=Dispute.CLOSED).exists():
        yield DISPUTED


def _close(person: Person, erasure: Erasure, *, at: datetime) -> None:
    """Nothing is to be sold, renewed or mailed to who is gone."""
    for order in person.orders().filter(state=Order.State.OPEN):
        order.cancel()
    memberships = Membership.objects.filter(order__in=person.orders())
    for membership in memberships.living():
        membership.want_end(at=at)
    ErasedCustomer.objects.bulk_create(
        [
            ErasedCustomer(customer_id=each, erasure=erasure)
            for each in memberships.values_list("customer_id", flat=True)
            if each
        ],
        ignore_conflicts=True,
    )
    about_orders = Q(pk__in=[])
    for reference in person.references():
        about_orders |= Q(cause__endswith=f":{reference}")
    mails = Mail.objects.filter(pk__in=person.mails().values("pk"))
    mails.filter(~about_orders | Q(sent_at=None)).delete()


def _take_out(model: type[models.Model], held: Held, person: Person, pseudonym: str) -> None:
    if held.is_deleted:
        # By their keys: what finds them may be among them.
        keys = list(held.rows(person).values_list("pk", flat=True))
        model._default_manager.filter(pk__in=keys).delete()
        return
    if not held.instead:
        return
    for pk, *values in list(held.rows(person).order_by("pk").values_list("pk", *held.instead).distinct()):
        facts = {
            name: make(pseudonym, was)
            for (name, make), was in zip(held.instead.items(), values, strict=True)
            if was is not None
        }
        model._default_manager.filter(pk=pk).update(**facts)
