"""What a film's page tells search engines, as a block of data that no browser runs.

Name and description are the page's own words; the rest is true in every language.
Source: https://schema.org/VideoObject
"""

import json
from datetime import UTC

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from videos.models import Video

# So that no title can end the block: in JSON the escapes mean the same.
_ESCAPES = {ord(each): f"\\u{ord(each):04x}" for each in "<>&"}


def block(video: Video, *, description: str, site_url: str) -> SafeString:
    """This will write the `script` element for a film in the shop."""
    facts = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": video.title,
        "description": description or video.title,
        "url": f"{site_url}{video.get_absolute_url()}",
        "uploadDate": video.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "duration": f"PT{video.duration_seconds}S",
        "isAccessibleForFree": False,
        "thumbnailUrl": [f"{site_url}{video.poster.url}"] if video.poster else [],
        "inLanguage": list(video.audio_languages),
        "contentRating": video.age_rating,
    }
    told = json.dumps(
        {name: fact for name, fact in facts.items() if fact not in ("", [])}, ensure_ascii=False
    )
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(told.translate(_ESCAPES)))  # noqa: S308
