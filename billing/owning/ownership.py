"""Whose purchase it is. An address that was proved owns what was bought with it; a pass stays a right.

Both hold at once, so that nobody loses: who proves the address finds the purchase, and so does whoever paid,
in the browser that paid and, signed in there, everywhere. Neither sees more of the other's than this one.
"""

from django.db import transaction

from accounts import identity
from accounts.models import User
from billing.models import Order
from videos import entitlements, inheriting


@transaction.atomic
def claim(user: User, *, visitor: str) -> None:
    """This will make the user, who has just proved his address, the owner of what was bought with it as a
    guest, and his also the passes of the browser he signs in with. Again: nothing changes.

    An order that is being settled at this moment is waited for, or settles as his.
    """
    identity.keep_passes(visitor=visitor, user_id=user.pk)
    Order.objects.without_owner().filter(email=user.email).update(user=user)
    his = Order.objects.filter(user=user, email=user.email)
    entitlements.hand_over(his.values_list("reference", flat=True), user_id=user.pk)
    inheriting.inherit_progress(user_id=user.pk, visitor=visitor)
