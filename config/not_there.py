"""The page for what there is not: asked for by every scanner, so that it is written once and then read."""

from typing import Final

from django.conf import settings
from django.core.cache import caches
from django.core.cache.utils import make_template_fragment_key
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.csrf import requires_csrf_token

from config import context
from config.seller import Seller

_TEMPLATE: Final = "404.html"


@requires_csrf_token
def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer with the page: who is not signed in gets the one that all get who read his language.

    Its language switch leads to the catalogue: what is not here is not there in another language either.
    """
    if request.user.is_authenticated:
        return HttpResponseNotFound(_written(request))
    kept_by: list[object] = [get_language(), settings.SHOP_NAME, settings.SELLER_NAME, Seller().key]
    kept_by += [settings.SUPPORT_EMAIL, settings.ALLOW_TEST_PAYMENTS]
    key = make_template_fragment_key(_TEMPLATE, kept_by)
    page = caches["template_fragments"].get_or_set(key, lambda: _written(request), None)
    return HttpResponseNotFound(page)


def _written(request: HttpRequest) -> str:
    return render_to_string(_TEMPLATE, {"languages": context.languages("")}, request)
