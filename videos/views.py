"""The shop's pages. A page of a film does not open a session for who has none."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from accounts.identity import viewer_of
from videos import contents, entitlements, leaving, playback, search_facts, shelves
from videos.currency_choice import chosen_currency
from videos.kollus import drm_policy, player_errors
from videos.library import of as library_of
from videos.models import Collection, Entitlement, Video
from videos.models.film_sql import find_film
from videos.watching import courses, keeping


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    currency, language = chosen_currency(request), get_language() or ""
    shelf = shelves.catalogue(viewer_of(request), currency=currency, language=language, at=timezone.now())
    context = {"lead": shelf.lead, "rows": shelf.rows, "newest": shelf.newest}
    return render(request, "videos/catalogue.html", context)


@require_safe
def video(request: HttpRequest, slug: str) -> HttpResponse:
    now, viewer = timezone.now(), viewer_of(request)
    shown = find_film(slug)
    if shown is None:
        return not_found(request)
    right = entitlements.best(viewer, shown, at=now)
    is_in_shop = shown.is_in_shop(at=now)
    if right is None and not is_in_shop:
        return _gone(request, shown, at=now)
    currency, language = chosen_currency(request), get_language() or ""
    is_owned = right is not None and not right.is_rental
    price_line = ""
    if is_in_shop and not is_owned:
        price_line = shelves.price_line_of(shown, currency=currency, language=language)
    return render(
        request,
        "videos/video.html",
        {
            "video": shown,
            "text": shown.text_in(),
            "facts": _facts(shown),
            "chapters": contents.chapters_of(shown, language=language),
            "search_facts": _search_facts(shown) if is_in_shop else "",
            "may_watch": right is not None,
            "time_left": shelves.time_left_text(right, at=now) if right else "",
            "leaving": leaving.for_holder(right, shown, at=now) if right else "",
            "price_line": price_line,
            "is_for_sale": bool(price_line) and right is None,
            "sold_kind": "videos",
            "sold_slug": slug,
            "protection": shown.protection,
            "hdcp": _strictest_hdcp([shown]),
            "keeping": _keeping(request, shown, right, at=now) if right else None,
            **player_context(request, shown, may_watch=right is not None),
        },
    )


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    now, viewer = timezone.now(), viewer_of(request)
    shown = get_object_or_404(Collection.objects.prefetch_related("texts"), slug=slug, is_published=True)
    in_shop = Video.objects.in_shop(at=now).with_wanted_output()
    parts = list(in_shop.filter(items__collection=shown).order_by("items__position"))
    currency, language = chosen_currency(request), get_language() or ""
    cards = shelves.cards_of(parts, viewer, currency=currency, language=language, at=now)
    seen = courses.seen_of(viewer, parts)
    course = courses.progress(parts, seen)
    offers = shelves.on_sale(shown)
    is_yours = entitlements.owns_any(viewer, (each.offer for each in offers), at=now)
    first = parts[0] if parts else None
    return render(
        request,
        "videos/collection.html",
        {
            "collection": shown,
            "text": shown.text_in(),
            "videos": [_with_progress(cards[part.pk], part, seen) for part in parts],
            "course": course,
            "has_certificate": shown.kind == Collection.Kind.COURSE and course.completed_at is not None,
            "may_watch": is_yours,
            "price_line": shelves.price_line(offers, currency=currency, language=language),
            "is_for_sale": bool(offers) and not is_yours,
            "sold_kind": "collections",
            "sold_slug": slug,
            "protection": _strictest(parts),
            "hdcp": _strictest_hdcp(parts),
            **(player_context(request, first, may_watch=is_yours) if first else {}),
        },
    )


@require_safe
@never_cache
def library(request: HttpRequest) -> HttpResponse:
    shelf = library_of(
        viewer_of(request),
        currency=chosen_currency(request),
        language=get_language() or "",
        at=timezone.now(),
    )
    return render(request, "videos/library.html", {"library": shelf, "shelf": "library"})


@require_safe
@cache_control(max_age=3600, public=True)
def player_messages(request: HttpRequest) -> HttpResponse:
    """What the stage may have to say, fetched by its script while a film plays. The same for everyone."""
    return render(request, "videos/_player_messages.html", {"player_errors": player_errors.sentences()})


@require_safe
@cache_control(max_age=3600, public=True)
def player_parts(request: HttpRequest) -> HttpResponse:
    """The buttons under a film and their words, fetched when one begins to play. The same for everyone."""
    return render(request, "videos/_player_parts.html")


def not_found(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", status=404)


def player_context(request: HttpRequest, shown: Video, *, may_watch: bool) -> dict[str, object]:
    """What `videos/_player.html` needs to show the stage of one film."""
    position = playback.position_of(viewer_of(request), shown) if may_watch else 0
    return {
        "stage": {
            "slug": shown.slug,
            "title": shown.title,
            "poster_url": shown.poster.url if shown.poster else "",
            "may_watch": may_watch,
            "needs_kollus_player": shown.protection == Video.Protection.KOLLUS,
            "resume_seconds": position,
            "resume_text": contents.clock_text(position) if position else "",
            "preview_text": _preview_text(shown) if shown.has_preview and not may_watch else "",
            "open_url": reverse("videos_api:playback"),
            "player_origin": settings.KOLLUS_PLAYER_BASE,
        },
        "key_systems": " ".join(drm_policy.to_ask_for(request.headers.get("User-Agent", ""))),
        "kollus_player_url": settings.KOLLUS_PLAYER_DOWNLOAD_URL,
    }


def _with_progress(card: shelves.Card, film: Video, seen: courses.Seen) -> shelves.Card:
    is_watched = film.pk in seen and seen[film.pk].is_complete
    percent = 0 if is_watched else courses.percent_of(film, seen)
    return replace(card, progress_percent=percent, is_watched=is_watched)


def _preview_text(shown: Video) -> str:
    if shown.trailer_key:
        return _("Watch the trailer")
    return _("Watch the first %(length)s") % {"length": shelves.length_text(shown.preview_seconds)}


def _keeping(
    request: HttpRequest, shown: Video, right: Entitlement, *, at: datetime
) -> keeping.Keeping | None:
    user_agent = request.headers.get("User-Agent", "")
    return keeping.of_film(viewer_of(request), shown, right, user_agent=user_agent, at=at)


def _gone(request: HttpRequest, shown: Video, *, at: datetime) -> HttpResponse:
    """A film that has left tells who had it what happened; to others there is none."""
    if shown.may_be_sold(at=at) or not leaving.is_told_to(viewer_of(request), shown):
        return not_found(request)
    context = {"video": shown, "sentences": leaving.once_gone(shown)}
    return render(request, "videos/left.html", context, status=410)


def _search_facts(shown: Video) -> str:
    """For what is in the shop: nobody shall find what is not."""
    text = shown.text_in()
    tagline = str(getattr(text, "tagline", ""))
    return search_facts.block(shown, description=tagline, site_url=settings.SITE_URL)


def _strictest(parts: list[Video]) -> str:
    """What a browser must be able to do to play all of them."""
    held = {part.protection for part in parts}
    wanted = (Video.Protection.KOLLUS, Video.Protection.MULTI_DRM, Video.Protection.NONE)
    return next((each.value for each in wanted if each in held), Video.Protection.NONE.value)


def _strictest_hdcp(parts: list[Video]) -> str:
    """What a display must be able to do to show all of them; licences alone demand anything."""
    licensed = [part for part in parts if part.protection == Video.Protection.MULTI_DRM]
    return max((drm_policy.hdcp_version(part.wanted_output) for part in licensed), default="")


def _facts(shown: Video) -> list[tuple[str, str]]:
    facts = [(_("Length"), shelves.length_text(shown.duration_seconds))]
    if shown.audio_languages:
        names = [str(get_language_info(code)["name_translated"]) for code in shown.audio_languages]
        facts.append((_("Spoken"), ", ".join(names)))
    if shown.released_year:
        facts.append((_("Year"), str(shown.released_year)))
    if shown.age_rating:
        facts.append((_("Rated"), shown.age_rating))
    facts.append((_("Plays on"), _PLAYS_ON[Video.Protection(shown.protection)]()))
    return facts


_PLAYS_ON = {
    Video.Protection.NONE: lambda: _("Any browser, nothing to install"),
    Video.Protection.MULTI_DRM: lambda: _("Chrome, Edge, Firefox and Safari, nothing to install"),
    Video.Protection.KOLLUS: lambda: _("The Kollus player, which is free to install"),
}
