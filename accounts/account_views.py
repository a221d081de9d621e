"""Who one is here, and where one is signed in."""

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import second_step, signed_in, undelivered
from accounts.models import SignedIn, User
from accounts.social import providers


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """`end` names a browser to sign out, or says "others"."""
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path())
    key = request.session.session_key
    if request.method == "POST":
        which = request.POST.get("end", "")
        return _end(request, user, which if which.isalnum() else "")
    browsers = signed_in.browsers(user, at=timezone.now())
    context = {
        "shelf": "account",
        "browsers": [(each, each.session_key == key) for each in browsers],
        "has_others": any(each.session_key != key for each in browsers),
        "may_renew_codes": user.is_staff and second_step.is_passed(request),
        "ended": request.GET.get("ended", ""),
        "changed": request.GET.get("changed", ""),
        "has_ways": bool(providers.offered()),
        "is_undeliverable": undelivered.is_known(user.email),
    }
    return render(request, "accounts/account.html", context)


def _end(request: HttpRequest, user: User, which: str) -> HttpResponse:
    his, key = SignedIn.objects.of(user), request.session.session_key
    if which == "others":
        signed_in.end(his.exclude(session_key=key))
    elif his.filter(session_key=key, reference=which).exists():
        logout(request)
        return redirect("videos:catalogue")
    else:
        signed_in.end(his.filter(reference=which))
    response = redirect("accounts:account")
    response["Location"] += "?ended=1"
    return response
