"""What `manage.py check --deploy` misses before the shop may be opened to buyers.

What stands in the database is looked at with `--database default` alone, as Django does it.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.utils import timezone

# What Korean law wants on every page, and that of most countries in an imprint.
_WANTED: Final = {
    "SELLER_ADDRESS": "the address of who sells",
    "SELLER_REPRESENTATIVE": "who represents the seller (대표자)",
    "SELLER_REGISTRATION": "the seller's business registration number (사업자등록번호)",
    "SELLER_COUNTRY": "the seller's country",
    "SELLER_PHONE": "a phone number of the seller (연락처)",
    "SELLER_HOST": "who hosts the shop (호스팅 서비스 제공자)",
}


@register(deploy=True)
def seller(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Who sells has to be told on every page."""
    missing = {name: what for name, what in _WANTED.items() if not getattr(settings, name)}
    if settings.SELLER_COUNTRY in ("", "KR") and not settings.SELLER_MAIL_ORDER:
        missing["SELLER_MAIL_ORDER"] = "the number of the mail-order business report (통신판매업신고)"
    return [Warning(f"{name} is not set: {what}.", id="matinee.W001") for name, what in missing.items()]


@register(Tags.database, deploy=True)
def texts(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Terms and a privacy notice have to be in force, and films to say from what age they are."""
    if not databases:
        return []
    from billing.models import LegalText
    from videos.models import Video

    now = timezone.now()
    found: list[CheckMessage] = [
        Warning(f"No {kind.label} in force: add one in the admin under Legal texts.", id="matinee.W002")
        for kind in LegalText.Kind
        if not LegalText.objects.in_force(kind, at=now).exists()
    ]
    unrated = Video.objects.filter(is_published=True, age_rating="").count()
    if unrated:
        found.append(Warning(f"Films in the shop without an age rating: {unrated}.", id="matinee.W003"))
    return found
