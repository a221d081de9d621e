"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from config.seller import Seller


def shop(request: HttpRequest) -> dict[str, Any]:
    """The shop's names, whether payments are only tests, and this page's address in each language."""
    return {
        "shop_name": settings.SHOP_NAME,
        "seller_name": settings.SELLER_NAME,
        "seller": Seller(),
        "support_email": settings.SUPPORT_EMAIL,
        "site_url": settings.SITE_URL,
        "has_test_payments": settings.ALLOW_TEST_PAYMENTS,
        # Made only for a template that shows them, and once.
        "languages": SimpleLazyObject(lambda: languages(request.get_full_path().removeprefix("/"))),
    }


def languages(here: str) -> list[dict[str, Any]]:
    """The address `here` in each language: the shop's own has no prefix, each other has its code."""
    first, _, rest = here.partition("/")
    path = rest if first in dict(settings.LANGUAGES) else here
    pages = {code: f"/{path}" if code == settings.LANGUAGE_CODE else f"/{code}/{path}" for code in _codes()}
    return [
        {
            "code": code,
            "name": name,
            "url": pages[code],
            "page": pages[code].partition("?")[0],  # the same for whoever looks
            "is_current": code == get_language(),
            "is_default": code == settings.LANGUAGE_CODE,
        }
        for code, name in settings.LANGUAGES
    ]


def _codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
