"""Refusals of the API in one shape: a code for the script, a sentence for the person."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler


def refuse(code: str, sentence: Promise | str, status: int, **facts: Any) -> Response:
    """This will answer with a code for the script, what else it needs, and a sentence for the person."""
    return Response({"code": code, "sentence": str(sentence), **facts}, status=status)


def plain_sentences(error: Exception, context: dict[str, Any]) -> Response | None:
    """This will turn the framework's refusals into the same shape: `code`, `sentence` and the `fields` at
    fault.
    """
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        sentence = _first_sentence(error.detail)
        response.data = {"code": "invalid", "sentence": sentence, "fields": _fields(error.detail)}
    elif isinstance(error, exceptions.ParseError):
        response.data = {
            "code": "unreadable",
            "sentence": _("That request could not be read. Reload the page."),
        }
    elif isinstance(error, exceptions.PermissionDenied | exceptions.NotAuthenticated):
        response.status_code = 403
        sentence = _("Your session has ended, and nothing was charged. Try again, or reload the page.")
        response.data = {"code": "session_lost", "sentence": sentence}
    elif response.status_code == 404:
        response.data = {"code": "not_found", "sentence": _("There is nothing here for you.")}
    else:
        response.data = {"code": "refused", "sentence": _("That isn't possible here. Reload the page.")}
    return response


def _first_sentence(detail: Any) -> str:
    while isinstance(detail, dict | list) and detail:
        detail = next(iter(detail.values())) if isinstance(detail, dict) else detail[0]
    return str(detail)


def _fields(detail: Any) -> list[str]:
    return sorted(detail) if isinstance(detail, dict) else []
