"""A link to a checkout by mail, for who cannot pay in this browser just now."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts import mailing
from accounts.models import normalize_email
from billing.guarding import gate
from videos.models import Collection, Video


def send(target: Video | Collection, *, email: str, language: str, at: datetime) -> None:
    """This will mail the checkout's address.

    Asked again within the hour for the same address and film: one mail.
    :raises gate.TooHot: too many were asked for lately; nothing is sent.
    """
    kind = "videos" if isinstance(target, Video) else "collections"
    gate.admit_link(kind=kind, slug=target.slug, at=at)
    address = normalize_email(email)
    who = hashlib.sha256(f"{address} {kind} {target.slug}".encode()).hexdigest()[:32]
    with translation.override(language):
        address_of_page = settings.SITE_URL + reverse("billing:checkout", args=[kind, target.slug])
        title = target.title
    mailing.put(
        cause=f"checkout-link:{who}:{at:%Y%m%d%H}",
        template="checkout-link",
        to=address,
        language=language,
        context={"title": title, "checkout_url": address_of_page},
    )
