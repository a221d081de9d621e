"""What happens whenever somebody signs in, by whichever way."""

from datetime import datetime

from django.http import HttpRequest

from accounts.adapter import AccountAdapter
from accounts.identity import viewer_of
from accounts.models import User
from billing.owning import moving, ownership


class OwningAdapter(AccountAdapter):
    """Signing in makes purchases the user's before his first page."""

    def login(self, request: HttpRequest, user: User) -> None:
        ownership.claim(user, visitor=viewer_of(request).visitor)
        super().login(request, user)

    def address_changed(self, user: User, *, was: str, at: datetime) -> None:
        """Purchases move with the person."""
        moving.move(user, was=was, at=at)
