"""The languages that a text can be in. The schema does not know them: another one asks for no migration."""

from django.conf import settings


def choices() -> list[tuple[str, str]]:
    """This will list the shop's languages, each by its code and its own name."""
    return list(settings.LANGUAGES)
