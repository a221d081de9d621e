"""What somebody may ask of his own data. Everything works without a script."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import sign_in_codes
from accounts import tasks as mail
from accounts.forms import CodeForm
from accounts.jobs import enqueue, hint
from accounts.models import SignInCode, User
from billing import tasks
from billing.models import Erasure
from billing.privacy import erasing, exporting, persons

_KEY = "erase"  # in the session: which code was mailed for this

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


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@_for_who_is_signed_in
def erase(request: HttpRequest, user: User) -> HttpResponse:
    """What goes and what stays is told first; then a code that was mailed for this alone erases."""
    wish = _wish(request, user)
    if request.method != "POST":
        return _shown(request, user, CodeForm() if wish else None)
    if "code" not in request.POST:
        return _ask(request, user)
    form, now = CodeForm(request.POST), timezone.now()
    if wish is None:
        return _shown(request, user, None, refusal=_("That code is not good any more. Ask for a new one."))
    if not form.is_valid():
        return _shown(request, user, form)
    if not sign_in_codes.use_code(wish, form.cleaned_data["code"], at=now):
        return _wrong(request, user, form, wish)
    try:
        erasing.erase(user.email, by=Erasure.By.PERSON, at=now)
    except erasing.MustWait:  # the page says what for
        return _shown(request, user, None, status=409)
    enqueue(tasks.forget)
    logout(request)
    return render(request, "billing/erased.html")


def _wish(request: HttpRequest, user: User) -> SignInCode | None:
    wish = sign_in_codes.find(str(request.session.get(_KEY, "")))
    is_good = wish is not None and wish.email == user.email and wish.is_open(at=timezone.now())
    return wish if is_good else None


def _ask(request: HttpRequest, user: User) -> HttpResponse:
    wish = sign_in_codes.ask(
        email=user.email,
        then="",
        language=get_language() or "en",
        at=timezone.now(),
        template="erase-code",
    )
    request.session[_KEY] = wish.nonce
    hint(mail.send_mail)
    return redirect("billing:erase")


def _wrong(request: HttpRequest, user: User, form: CodeForm, wish: SignInCode) -> HttpResponse:
    if not wish.is_open(at=timezone.now()):
        words = _("That was the last try with this code. Ask for a new one.")
        return _shown(request, user, None, refusal=words)
    form.add_error("code", _("That is not the code of the newest mail. Look again."))
    return _shown(request, user, form)


def _shown(
    request: HttpRequest, user: User, form: CodeForm | None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "shelf": "account",
        "form": form,
        "refusal": refusal,
        "sentences": erasing.prospect(user.email, at=timezone.now()).sentences,
        "ends_membership": erasing.ends_membership(user.email),
    }
    return render(request, "billing/erase.html", context, status=status)
