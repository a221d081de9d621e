"""Reads each mail as a verb puts it: what its template asks for and the verb forgot would be a gap in it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from django.conf import settings
from django.template.backends.django import DjangoTemplates

from accounts import mailing


class _Gap(str):
    """What Django puts where there is nothing, with the name of what is not there. Here it puts nothing."""

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        raise LookupError(f"the mail says {name}, and nobody told it what that is")


_TEMPLATES: Final = DjangoTemplates(
    {
        **{"NAME": "letters", "DIRS": [settings.BASE_DIR / "templates"], "APP_DIRS": False},
        "OPTIONS": {"string_if_invalid": _Gap("%s")},
    }
)
# What `letters` adds to each.
_ADDED: Final = {"shop_name": "Matinee", "site_url": "https://shop.example"}


@contextmanager
def read() -> Iterator[None]:
    """This will fail whoever puts a mail with a gap in it, once for each mail and what it is told."""
    put, known = mailing.put, set[Any]()

    def put_what_reads_well(*, template: str, context: dict[str, Any], **given: Any) -> None:
        told = (template, frozenset((name, bool(value)) for name, value in context.items()))
        if told not in known and not _is_of_a_test(sys._getframe(1)):
            write(template, context)
            known.add(told)
        put(template=template, context=context, **given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mailing, "put", put_what_reads_well)
        yield


def write(template: str, context: dict[str, Any]) -> str:
    """This will write the mail's page. :raises LookupError: it asks for what `context` does not tell."""
    return str(_TEMPLATES.get_template(f"emails/{template}.html").render(_ADDED | context))


def _is_of_a_test(frame: Any) -> bool:
    """Tests of the outbox put mails that nobody is to read."""
    return str(frame.f_globals["__name__"]).startswith("tests.")
