"""Which host serves what. Browsers find every *.localhost name on this machine by themselves."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import include, path

from sandbox import controls, mailbox, pages, static_files

Answer = Callable[[HttpRequest], HttpResponseBase]

BY_HOST = {
    "stripe.localhost": "sandbox.stripe.browser_urls",
    "hooks.stripe.localhost": "sandbox.stripe.challenge_urls",
    "signin.localhost": "sandbox.sign_in.urls",
    "kollus.localhost": "sandbox.kollus.urls",
    "upload.kollus.localhost": "sandbox.kollus.upload_urls",
}

urlpatterns = [
    path("", pages.index),
    path("favicon.ico", pages.no_icon),
    path("worlds/<slug:name>/", pages.world_page),
    path("worlds/<slug:name>/act/", pages.act),
    path("mail/", mailbox.mailbox_page),
    path("mail/<int:number>/body/", mailbox.mail_body),
    path("mail.json", mailbox.mail_json),
    path("static/<path:name>", static_files.serve),
    path("_sandbox/", include(controls.urlpatterns)),
    path("sign-in-api/", include("sandbox.sign_in.api_urls")),
    path("kollus-api/", include("sandbox.kollus.api_urls")),
    path("kollus-api-0/", include("sandbox.kollus.version_0_urls")),
    path("kollus-upload/api/v1/", include("sandbox.kollus.passthrough_urls")),
    path("v1/", include("sandbox.stripe.api_urls")),
]


def route_by_host(get_response: Answer) -> Answer:
    """Refuse foreign Host headers (they would let a web page reach us by DNS rebinding); pick the URLs."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            host = request.get_host().rpartition(":")[0] or request.get_host()
        except DisallowedHost:
            return HttpResponse("The sandbox answers to localhost only.\n", "text/plain", 400)
        if host.endswith(".localhost"):
            if host not in BY_HOST:
                return HttpResponse("No such host in the sandbox.\n", "text/plain", 404)
            request.urlconf = BY_HOST[host]
        return get_response(request)

    return middleware
