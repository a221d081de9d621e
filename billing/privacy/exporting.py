"""All that the database holds of one person, in one archive: to be read, and to be read by a machine."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from billing.privacy.holdings import HELD, Held
from billing.privacy.persons import Person

_PAGE: Final = "index.html"
_DATA: Final = "data.json"


@dataclass(frozen=True)
class Kept:
    """The rows of one table, each as pairs of a field and its value."""

    model: type[models.Model]
    rows: list[list[tuple[models.Field[Any, Any], Any]]]


def archive(person: Person, *, language: str, at: datetime) -> bytes:
    """This will write the archive, with its page in `language`."""
    kept = gather(person)
    with translation.override(language):
        page = render_to_string("billing/your_data_archive.html", _page(person, kept, at=at))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in ((_PAGE, page), (_DATA, _data(person, kept, at=at))):
            info = zipfile.ZipInfo(name, at.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            file.writestr(info, text)
    return written.getvalue()


def file_name(*, at: datetime) -> str:
    """This will name the archive, without telling whose it is."""
    return f"your-data-{at:%Y-%m-%d}.zip"


def gather(person: Person) -> list[Kept]:
    """This will read every row that is about the person; tables without one are left out."""
    found = [Kept(model, _rows(held, person)) for model, held in HELD.items()]
    return [each for each in reversed(found) if each.rows]


def _rows(held: Held, person: Person) -> list[list[tuple[models.Field[Any, Any], Any]]]:
    withheld = set(held.withheld.split())
    rows = held.rows(person).order_by("pk").distinct()
    return [
        [(each, _given(held, each, row)) for each in row._meta.concrete_fields if each.name not in withheld]
        for row in rows
    ]


def _given(held: Held, field: models.Field[Any, Any], row: models.Model) -> Any:
    value = field.value_from_object(row)
    if field.name not in held.parts:
        return value
    return {key: value[key] for key in [held.parts[field.name]] if key in value}


def _data(person: Person, kept: list[Kept], *, at: datetime) -> str:
    tables = {
        each.model._meta.label_lower: [{field.attname: value for field, value in row} for row in each.rows]
        for each in kept
    }
    whole = {
        "shop": settings.SITE_URL,
        "made_at": at,
        "addresses": sorted(person.addresses),
        "amounts": "…_minor is in the currency's minor units",
        "tables": tables,
    }
    return json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _page(person: Person, kept: list[Kept], *, at: datetime) -> dict[str, Any]:
    orders = person.orders().select_related("offer__video", "offer__collection")
    return {
        "shop_name": settings.SHOP_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "language": translation.get_language(),
        "at": at,
        "addresses": sorted(person.addresses),
        "orders": orders.prefetch_related("offer__video__texts", "offer__collection__texts").order_by("pk"),
        "tables": [
            (
                each.model._meta.verbose_name_plural,
                [
                    [_said(field, value) for field, value in row if value not in (None, "", {})]
                    for row in each.rows
                ],
            )
            for each in kept
        ],
    }


def _said(field: models.Field[Any, Any], value: Any) -> tuple[str, str]:
    return str(field.verbose_name), _words(field, value)


def _words(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT") + " UTC"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    return str(dict(field.flatchoices).get(value, value))
