"""The words about giving back that stand at the till, gathered for a page of their own."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.consenting import terms_table

_LAWS: dict[str, Promise] = {
    "kr": _("In Korea"),
    "eu": _("In the European Union"),
    "uk": _("In the United Kingdom"),
    "": _("Everywhere else"),
}
_KINDS: dict[str, Promise] = {
    "own": _("Films to own"),
    "rent": _("Films to rent"),
    "membership": _("Memberships"),
}


def by_law(*, language: str, at: datetime) -> Iterator[tuple[Promise, list[tuple[Promise, str]]]]:
    """This will give each law with what its buyers are told of each kind of offer."""
    edition = terms_table.in_force(at)
    for law, name in _LAWS.items():
        found = ((kind, edition.find(law=law, kind=key, language=language)) for key, kind in _KINDS.items())
        yield name, [(kind, terms.notice) for kind, terms in found if terms is not None]
