"""Whatever the office asks for says what it is: by a label, or by words that only a screen reader has."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin

from accounts.admin.lists import ReadOnlyAdmin
from accounts.models import User
from tests import office
from tests.saboteurs import rows

_FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
_NOT_ASKED = re.compile(r'type="(?:hidden|submit)"')


@pytest.mark.django_db
def test_each_field_of_each_page_has_a_name(cho: User) -> None:
    browser = office.signed_in(cho)

    seen, nameless = 0, []
    for address in _addresses():
        answer = browser.get(address)
        if answer.status_code == 200:  # not all can be added to
            page = office.text(answer)
            seen += 1
            nameless += [(address, field) for field in _FIELD.findall(page) if not _has_name(field, page)]

    assert nameless == []
    assert seen > 50


def _addresses() -> Iterator[str]:
    """Each list, each empty form, and the page of a row that can be changed."""
    for model, page in admin.site._registry.items():
        yield office.page(model)
        yield office.page(model, "add")
        if not isinstance(page, ReadOnlyAdmin):
            yield office.page(model, "change", rows.saved(model).pk)


def _has_name(field: str, page: str) -> bool:
    if _NOT_ASKED.search(field) or "aria-label" in field:
        return True
    its_id = re.search(r'\bid="([^"]+)"', field)
    if its_id and f'for="{its_id[1]}"' in page:
        return True
    return bool(re.search(rf"<label[^>]*>[^<]*{re.escape(field)}", page))
