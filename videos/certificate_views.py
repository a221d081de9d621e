"""The certificate of a course for its owner, and for whoever checks its code."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from videos import shelves
from videos.models import Certificate, Collection
from videos.watching import certificates


class CertificateForm(forms.Form):
    name = forms.CharField(
        label=_("Your name, as it should stand there"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    is_name_shared = forms.BooleanField(label=_("Show my name to whoever checks the code"), required=False)
    time_zone = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own(request: HttpRequest, slug: str) -> HttpResponse:
    """The owner's paper, or the form that makes it out; for everybody else it does not exist."""
    user = request.user
    collection = get_object_or_404(Collection.objects.prefetch_related("texts"), slug=slug)
    if not isinstance(user, User):
        raise Http404
    known = certificates.of(user, collection)
    if known is None and certificates.completed_at(user, collection, at=timezone.now()) is None:
        raise Http404
    asked = request.POST if request.method == "POST" else None
    form = CertificateForm(asked, initial=_initial(user, known))
    if asked is not None and form.is_valid():
        try:
            certificates.issue(user, collection, **form.cleaned_data, at=timezone.now())
        except certificates.NotComplete:
            raise Http404 from None
        return redirect("videos:certificate", slug)
    context = {"collection": collection, "form": form, **_paper(known)}
    return render(request, "videos/certificate.html", context)


@require_safe
@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What anybody may know who was given the code."""
    found = certificates.check(code)
    context = {"code": code, "collection": found.collection if found else None, **_paper(found)}
    return render(request, "videos/certificate_check.html", context, status=200 if found else 404)


def _initial(user: User, known: Certificate | None) -> dict[str, Any]:
    if known is None:
        return {"name": user.name}
    return {"name": known.name, "is_name_shared": known.is_name_shared}


def _paper(certificate: Certificate | None) -> dict[str, Any]:
    if certificate is None:
        return {"certificate": None}
    return {
        "certificate": certificate,
        "length_text": shelves.length_text(certificate.total_seconds),
        "check_url": f"{settings.SITE_URL}{certificate.get_absolute_url()}",
    }
