"""Who is meant by an address: a user, a guest, or both; and which rows are about him."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Mail, User, normalize_email
from billing.models import Order


@dataclass(frozen=True)
class Person:
    """A user's row id, if he is one, and the addresses that are his."""

    user_id: int | None
    addresses: frozenset[str]

    def orders(self) -> QuerySet[Order]:
        """What he bought signed in, and what nobody owns that was bought with an address of his."""
        as_guest = Q(user=None, email__in=self.addresses)
        return Order.objects.filter(as_guest | Q(user_id=self.user_id) if self.user_id else as_guest)

    def references(self) -> QuerySet[Order, str]:
        return self.orders().values_list("reference", flat=True)

    def visitors(self) -> QuerySet[Order, str]:
        """The browsers that bought for him and, as far as we know, for nobody else."""
        others = Order.objects.exclude(pk__in=self.orders().values("pk")).values("visitor")
        return self.orders().exclude(visitor__in=others).values_list("visitor", flat=True)

    def mails(self) -> QuerySet[Mail]:
        """What was written to him, and to the office about his orders."""
        to_office = Q(pk__in=[])
        for reference in self.references():
            to_office |= Q(to=settings.SUPPORT_EMAIL, cause__endswith=f":{reference}")
        return Mail.objects.filter(Q(to__in=self.addresses) | to_office)


def of_user(user: User) -> Person:
    """This will tell who a user is: his orders may name an address that he had before.

    An address that belongs to another user by now is not his any more.
    """
    before = set(Order.objects.filter(user=user).order_by().values_list("email", flat=True))
    before |= set(user.former_addresses.values_list("address", flat=True))
    others = set(User.objects.filter(email__in=before).exclude(pk=user.pk).values_list("email", flat=True))
    return Person(user.pk, frozenset({user.email, *before} - others))


def of_address(address: str) -> Person:
    """This will tell who an address stands for, whether or not we know it."""
    email = normalize_email(address)
    user = User.objects.filter(email=email).first()
    return of_user(user) if user else Person(None, frozenset({email}))
