"""The currency a browser chose to see prices in, kept in its session."""

from django.http import HttpRequest

_KEY = "currency"


def chosen_currency(request: HttpRequest) -> str:
    """This will give the chosen currency's code, or nothing where none was chosen."""
    return str(request.session.get(_KEY, ""))


def choose_currency(request: HttpRequest, currency: str) -> None:
    request.session[_KEY] = currency
