"""The frame of the pages on which one sees, adds and removes what opens one's account."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts import second_step
from accounts.models import User
from accounts.ways_in import MOST, WayIn


def who(request: HttpRequest, page: str) -> User | HttpResponse:
    """Who is signed in, or where he goes before `page`: whoever may enter the office passes its door."""
    user, here = request.user, reverse(page)
    if not isinstance(user, User):
        return redirect_to_login(here)
    if user.is_staff and not second_step.is_passed(request):
        return redirect_to_login(here, reverse("accounts:second_step"))
    return user


def shown(
    request: HttpRequest, template: str, ways: list[WayIn], refusal: str, **more: object
) -> HttpResponse:
    context = {
        "shelf": "account",
        "ways": ways,
        "has_room": len(ways) < MOST,
        "refusal": refusal,
        "done": request.GET.get("done", ""),
    }
    return render(request, template, context | more)


def sent_to(page: str, **query: str) -> HttpResponse:
    asked = QueryDict(mutable=True)
    asked.update({name: value for name, value in query.items() if value})
    return HttpResponseRedirect(f"{reverse(page)}?{asked.urlencode()}".rstrip("?"))
