"""What was bought moves with its owner to another address."""

from datetime import datetime

from django.db import transaction

from accounts import mailing
from accounts.models import User
from billing.models import Order
from billing.owning import ownership


@transaction.atomic
def move(user: User, *, was: str, at: datetime) -> None:
    """This will write to the user's present address about what he bought with the one before, and make him
    the owner of what was bought as a guest with the present one. Again: nothing changes.

    What a guest bought with the address before, and he never claimed, stays with that address.
    """
    his = Order.objects.filter(user=user, email=was)
    references = set(his.values_list("reference", flat=True))
    his.update(email=user.email)
    mailing.redirect(to=user.email, was=was, about=references, at=at)
    ownership.claim(user, visitor="")
