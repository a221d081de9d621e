"""How the library that signs people in (django-allauth) behaves here: silent, and without passwords."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # the library has no types
    """Every way in ends in `login`: a code, a link, later another shop's word for who somebody is."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers: an address becomes a user when it is first proved."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves; a message kept for later would be one more cookie."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """None of the library's pages that mail is open. Our mails go through the outbox."""
        raise NotImplementedError(template_prefix)
