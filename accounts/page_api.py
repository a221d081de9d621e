"""How the pages' own scripts talk to the API: by the session, in small JSON bodies."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer

_MAX_BYTES = 32 * 1024


class PageSession(SessionAuthentication):
    """The framework's own asks for the CSRF token of signed-in users only; a guest's purchase needs it as
    much.
    """

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        self.enforce_csrf(request)
        plain: HttpRequest = request._request
        return (plain.user, None) if plain.user.is_authenticated else None


class PageAlone(SessionAuthentication):
    """Asks whether a page of ours sent it, and not who its viewer is: what it names cannot be guessed."""

    def authenticate(self, request: Request) -> None:
        self.enforce_csrf(request)


class AlwaysJSON(DefaultContentNegotiation):
    """Answers JSON, whatever is asked for: comparing media types would cost as much as signing a playback
    link.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class SmallJSONParser(JSONParser):
    """Reads no more than a page of ours would send; the framework's own reads any length."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        length = parser_context["request"].META.get("CONTENT_LENGTH") or 0
        if int(length) > _MAX_BYTES:
            raise exceptions.ParseError
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair is no text that can be kept
        except (RecursionError, UnicodeEncodeError) as error:
            raise exceptions.ParseError from error
        if not isinstance(data, dict):
            raise exceptions.ParseError
        return data


def read_body(request: Request, serializer: type[Serializer[Any]]) -> dict[str, Any]:
    """This will give the body's validated values.

    One reader serves all requests, since it keeps nothing of any: made anew for each, its copied fields would
    cost more than all that they check.

    :raises rest_framework.exceptions.ValidationError: it does not fit.
    """
    values: dict[str, Any] = _reader(serializer).run_validation(request.data)
    return values


@lru_cache
def _reader(serializer: type[Serializer[Any]]) -> Serializer[Any]:
    return serializer()
