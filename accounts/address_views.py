"""Another address for one's account, on one screen: the address, then the code that was mailed there."""

from django import forms
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import address_change, second_step, sign_in_codes, signed_in, tasks, typos
from accounts.forms import AddressForm, CodeForm
from accounts.jobs import hint
from accounts.models import SignInCode, User

_KEY = "new_address"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def address(request: HttpRequest) -> HttpResponse:
    """Whoever may enter the office passes its door first: the address is what the office is entered by."""
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path())
    if user.is_staff and not second_step.is_passed(request):
        return redirect_to_login(request.get_full_path(), reverse("accounts:second_step"))
    wish = sign_in_codes.find_change(str(request.session.get(_KEY, "")), user)
    if request.method == "POST":
        return _try_code(request, user, wish) if "code" in request.POST else _ask(request, user)
    if wish is None or "again" in request.GET or not wish.is_open(at=timezone.now()):
        return _shown(request, AddressForm())
    return _shown(request, CodeForm(), wish)


def _ask(request: HttpRequest, user: User) -> HttpResponse:
    """One answer for every address: whether it is somebody's already is told only to its mailbox."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    wish = sign_in_codes.ask(
        email=form.cleaned_data["email"],
        for_user=user,
        template="address-code",
        language=get_language() or "en",
        at=timezone.now(),
    )
    request.session[_KEY] = wish.nonce
    hint(tasks.send_mail)
    return redirect("accounts:address")


def _try_code(request: HttpRequest, user: User, wish: SignInCode | None) -> HttpResponse:
    now, form = timezone.now(), CodeForm(request.POST)
    if wish is None or not wish.is_open(at=now):
        return _shown(request, AddressForm(), refusal=_("That code is not good any more. Ask for a new one."))
    if not form.is_valid():
        return _shown(request, form, wish)
    if sign_in_codes.use_code(wish, form.cleaned_data["code"], at=now):
        return _change(request, user, wish)
    if wish.is_open(at=now):
        form.add_error("code", _("That is not the code of the newest mail. Look again."))
        return _shown(request, form, wish)
    return _shown(
        request, AddressForm(), refusal=_("That was the last try with this code. Ask for a new one.")
    )


def _change(request: HttpRequest, user: User, wish: SignInCode) -> HttpResponse:
    request.session.pop(_KEY, None)
    try:
        address_change.carry_out(
            user,
            wish,
            language=get_language() or "en",
            session_key=request.session.session_key or "",
            at=timezone.now(),
        )
    except address_change.Taken:
        told = _("This address has an account of its own. Sign out, and sign in with it.")
        return _shown(request, AddressForm(), refusal=told)
    request.session[HASH_SESSION_KEY] = User.objects.get(pk=user.pk).get_session_auth_hash()
    signed_in.rename_session(request)
    hint(tasks.send_mail)
    response = redirect("accounts:account")
    response["Location"] += "?changed=1"
    return response


def _shown(
    request: HttpRequest, form: forms.Form, wish: SignInCode | None = None, *, refusal: str = ""
) -> HttpResponse:
    context = {"form": form, "wish": wish, "refusal": refusal}
    context["suggestion"] = typos.suggest(wish.email) if wish else ""
    return render(request, "accounts/address.html", context)
