"""What somebody may ask of his own data. Everything works without a script."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from billing.privacy import exporting, persons

View = Callable[[HttpRequest, User], HttpResponse]


def _for_who_is_signed_in(view: View) -> Callable[[HttpRequest], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        return view(request, request.user)

    return guarded


@require_safe
@never_cache
@_for_who_is_signed_in
def your_data(request: HttpRequest, user: User) -> HttpResponse:
    """What can be done, and what would be kept."""
    return render(request, "billing/your_data.html", {"shelf": "account"})


@require_POST
@never_cache
@_for_who_is_signed_in
def archive(request: HttpRequest, user: User) -> HttpResponse:
    """All of it as a file. By a button: no link elsewhere can make a browser fetch it."""
    now = timezone.now()
    written = exporting.archive(persons.of_user(user), language=get_language() or "en", at=now)
    disposition = content_disposition_header(as_attachment=True, filename=exporting.file_name(at=now))
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(written, content_type="application/zip", headers=headers)
