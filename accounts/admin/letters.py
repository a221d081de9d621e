"""Every mail that the shop sends, to be looked at: in each language, light and dark, and as plain text."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts import letter_samples
from accounts.admin.lists import ReadOnlyAdmin
from accounts.letter_samples import Sample
from accounts.models import Mail

# A mail styles itself inside, and loads its pictures; here it may do no more.
_POLICY = (
    "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
# Which of the two looks a browser takes is its reader's choice; here the page is asked for one.
_BY_CHOICE = "@media (prefers-color-scheme: dark)"
_LOOKS = {"light": "@media not all", "dark": "@media all"}


class LettersAdmin(ReadOnlyAdmin[Mail]):
    def get_urls(self) -> list[URLPattern]:
        within = self.admin_site.admin_view
        page = "kinds/<str:name>/<str:language>/"
        return [
            path("kinds/", within(self.kinds), name="accounts_mail_kinds"),
            path(page, within(self.kind), name="accounts_mail_kind"),
            path(
                f"{page}<str:scheme>/",
                within(xframe_options_sameorigin(self.page)),
                name="accounts_mail_page",
            ),
            *super().get_urls(),
        ]

    def kinds(self, request: HttpRequest) -> HttpResponse:
        self._admit(request)
        codes = [code for code, _name in settings.LANGUAGES]
        kinds = [
            (sample.name, [(code, sample.write(code).subject) for code in codes])
            for sample in letter_samples.every()
        ]
        shown = {"title": _("All kinds of mails"), "kinds": kinds, "languages": settings.LANGUAGES}
        return self._shown(request, "kinds", shown)

    def kind(self, request: HttpRequest, name: str, language: str) -> HttpResponse:
        sample = self._sample(request, name, language)
        shown = {"title": name, "name": name, "language": language, "letter": sample.write(language)}
        return self._shown(request, "kind", shown)

    def page(self, request: HttpRequest, name: str, language: str, scheme: str) -> HttpResponse:
        sample = self._sample(request, name, language)
        if scheme not in _LOOKS:
            raise Http404
        html = sample.write(language).html.replace(_BY_CHOICE, _LOOKS[scheme])
        return HttpResponse(html, headers={"Content-Security-Policy": _POLICY})

    def _sample(self, request: HttpRequest, name: str, language: str) -> Sample:
        self._admit(request)
        sample = letter_samples.find(name)
        if sample is None or language not in dict(settings.LANGUAGES):
            raise Http404
        return sample

    def _admit(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _shown(self, request: HttpRequest, name: str, shown: dict[str, Any]) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts} | shown
        return render(request, f"admin/accounts/mail/{name}.html", context)
