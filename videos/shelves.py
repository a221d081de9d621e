"""What the catalogue and a video's page show: read in few queries, however much there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.identity import Viewer
from videos import money
from videos.models import (
    Collection,
    CollectionItem,
    CollectionText,
    Entitlement,
    Offer,
    Price,
    Video,
    offer_label,
    selling_sql,
)
from videos.models.licences import sold_at

ROW_LENGTH = 12
_ROWS = 8
_PAGE_LENGTH = 24


@dataclass(frozen=True)
class Card:
    """A poster with its words, as a template shows it."""

    title: str
    tagline: str
    url: str
    poster_url: str
    length_text: str
    price_text: str = ""
    is_yours: bool = False
    progress_percent: int = 0
    time_left_text: str = ""
    is_watched: bool = False
    has_preview: bool = False


@dataclass(frozen=True)
class OnSale:
    """An offer with its current prices by currency; there is at least one."""

    offer: Offer
    prices: dict[str, Price]


@dataclass(frozen=True)
class Row:
    title: str
    collection: Collection
    cards: list[Card]


@dataclass(frozen=True)
class Catalogue:
    lead: Card | None
    rows: list[Row]
    newest: list[Card]


def catalogue(viewer: Viewer, *, currency: str, language: str, at: datetime) -> Catalogue:
    """This will lay out the shop's front: the newest film large, the collections in rows, then the newest
    films.
    """
    items = _items_shown(language, at=at)
    newest = list(Video.objects.in_shop(at=at).order_by("-created_at", "-id")[:_PAGE_LENGTH])
    shown = {item.video_id: item.video for item in items} | {video.pk: video for video in newest}
    cards = cards_of(shown.values(), viewer, currency=currency, language=language, at=at)
    return Catalogue(
        lead=cards[newest[0].pk] if newest else None,
        rows=_rows(items, cards),
        newest=[cards[video.pk] for video in newest],
    )


def newest(viewer: Viewer, *, limit: int, currency: str, language: str, at: datetime) -> list[Card]:
    """This will make the cards of the films that came last."""
    videos = list(Video.objects.in_shop(at=at).order_by("-created_at", "-id")[:limit])
    cards = cards_of(videos, viewer, currency=currency, language=language, at=at)
    return [cards[video.pk] for video in videos]


def _items_shown(language: str, *, at: datetime) -> list[CollectionItem]:
    """The first films of the first collections, in one query with all that a row shows."""
    collections = Collection.objects.filter(is_published=True).order_by("position", "id")
    texts = CollectionText.objects.filter(collection=OuterRef("collection")).order_by(
        Case(When(language=language[:2], then=0), When(language=settings.LANGUAGE_CODE, then=1), default=2)
    )
    return list(
        CollectionItem.objects.filter(
            sold_at(at, of="video__"),
            collection__in=collections.values("id")[:_ROWS],
            video__is_published=True,
            position__lte=ROW_LENGTH,
        )
        .select_related("collection", "video")
        .annotate(row_title=Subquery(texts.values("title")[:1]))
        .order_by("collection__position", "collection_id", "position")
    )


def _rows(items: list[CollectionItem], cards: dict[int, Card]) -> list[Row]:
    groups = [list(group) for _pk, group in groupby(items, key=attrgetter("collection_id"))]
    return [
        Row(
            title=vars(first)["row_title"] or first.collection.slug,
            collection=first.collection,
            cards=[cards[item.video_id] for item in (first, *others)],
        )
        for first, *others in groups
    ]


def cards_of(
    videos: Iterable[Video], viewer: Viewer, *, currency: str, language: str, at: datetime
) -> dict[int, Card]:
    """This will make the cards of these videos, by row id: their texts, lowest prices and what is the
    viewer's.
    """
    by_id = {video.pk: video for video in videos}
    _fetch_texts(by_id.values())
    prices = lowest_prices(by_id, currency=currency, language=language)
    yours = _openable(viewer, by_id, at=at)
    return {
        pk: card(video, price_text=price_text(prices.get(pk)), is_yours=pk in yours)
        for pk, video in by_id.items()
    }


def card(
    video: Video,
    *,
    price_text: str = "",
    is_yours: bool = False,
    progress_percent: int = 0,
    time_left_text: str = "",
    is_watched: bool = False,
) -> Card:
    text = video.text_in()
    return Card(
        title=video.title,
        tagline=text.tagline if text and hasattr(text, "tagline") else "",
        url=video.get_absolute_url(),
        poster_url=video.poster.url if video.poster else "",
        length_text=length_text(video.duration_seconds),
        price_text=_("In your library") if is_yours else price_text,
        is_yours=is_yours,
        progress_percent=progress_percent,
        time_left_text=time_left_text,
        is_watched=is_watched,
        has_preview=video.has_preview and not is_yours,
    )


def lowest_prices(video_ids: Iterable[int], *, currency: str, language: str) -> dict[int, Price]:
    """This will find each video's lowest price in the buyer's currency, or in the next best one it is
    sold in.
    """
    current = Price.objects.filter(offer__is_active=True, retired_at=None, offer__video__in=list(video_ids))
    lowest: dict[int, dict[str, Price]] = {}
    # Dearest first, so that the last one kept per currency is the lowest.
    for price in current.annotate(video_id=F("offer__video")).order_by("-amount_minor", "id"):
        lowest.setdefault(price.video_id, {})[price.currency] = price
    return {
        pk: prices[money.preferred_currency(language, sorted(prices), currency)]
        for pk, prices in lowest.items()
    }


def price_text(price: Price | None) -> str:
    """This will say from which price on a film can be had; nothing for one that is not sold."""
    return _("from %(price)s") % {"price": price.text} if price else ""


def price_line(on_sale: Iterable[OnSale], *, currency: str, language: str) -> str:
    """This will say what the offers cost: "Rent ₩4,900 · Own ₩9,900"."""
    rows = [
        (each.offer.kind, each.offer.interval, price.currency, price.amount_minor)
        for each in on_sale
        for price in each.prices.values()
    ]
    return _price_line(rows, currency=currency, language=language)


def price_line_of(target: Video | Collection, *, currency: str, language: str) -> str:
    """This will say the same of what is sold for the target; nothing where nothing is."""
    return _price_line(selling_sql.current_prices(target), currency=currency, language=language)


def _price_line(rows: Iterable[tuple[str, str, str, int]], *, currency: str, language: str) -> str:
    kinds: dict[tuple[str, str], dict[str, int]] = {}
    for kind, interval, code, amount_minor in rows:
        kinds.setdefault((kind, interval), {})[code] = amount_minor
    parts = []
    for what, prices in sorted(kinds.items(), key=_rent_first_and_month_before_year):
        code = money.preferred_currency(language, sorted(prices), currency)
        parts.append(f"{offer_label(*what)} {money.format_amount(prices[code], code)}")
    return " · ".join(parts)


def _rent_first_and_month_before_year(item: tuple[tuple[str, str], dict[str, int]]) -> tuple[int, str]:
    kind, interval = item[0]
    return -Offer.Kind.values.index(kind) if not interval else 1, interval


def _current_prices(target: Video | Collection) -> QuerySet[Price]:
    whose = Q(offer__video=target) if isinstance(target, Video) else Q(offer__collection=target)
    return Price.objects.filter(whose, offer__is_active=True, retired_at=None)


def on_sale(target: Video | Collection) -> list[OnSale]:
    """This will fetch what can be bought for a video or a collection, with current prices, in one query."""
    current = (
        _current_prices(target)
        .select_related("offer")
        .order_by("offer__kind", "offer__interval", "offer_id", "currency")
    )
    offers: dict[int, OnSale] = {}
    for price in current:
        each = offers.setdefault(price.offer_id, OnSale(price.offer, {}))
        each.prices[price.currency] = price
        price.offer = each.offer
    for each in offers.values():
        # Known already, so it need not be fetched beside each offer.
        each.offer.video, each.offer.collection = (
            (target, None) if isinstance(target, Video) else (None, target)
        )
    return list(offers.values())


def time_left_text(entitlement: Entitlement, *, at: datetime) -> str:
    """This will say how long a rental still runs, or until when it may be started; nothing for what is
    owned, or watched as a member.
    """
    if entitlement.reason == Entitlement.Reason.MEMBERSHIP:
        return ""
    if entitlement.ends_at is not None:
        return _duration_left(entitlement.ends_at - at)
    if entitlement.start_by is not None:
        return _("Start by %(date)s") % {"date": date_format(entitlement.start_by, "DATE_FORMAT")}
    return ""


def length_text(seconds: int) -> str:
    """This will write a film's length: "1 h 32 min", "8 min", "24 sec"."""
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(seconds)d sec") % {"seconds": seconds}


def _duration_left(left: timedelta) -> str:
    hours = int(left.total_seconds() // 3600)
    if hours >= 1:
        return ngettext("%(hours)d hour left", "%(hours)d hours left", hours) % {"hours": hours}
    minutes = max(1, int(left.total_seconds() // 60))
    return ngettext("%(minutes)d minute left", "%(minutes)d minutes left", minutes) % {"minutes": minutes}


def _fetch_texts(videos: Iterable[Video]) -> None:
    prefetch_related_objects(list(videos), "texts")


def _openable(viewer: Viewer, by_id: dict[int, Video], *, at: datetime) -> set[int]:
    if viewer.is_nobody:
        return set()
    held = list(
        Entitlement.objects.held_by(viewer)
        .valid(at=at)
        .values_list("video_id", "collection_id", "everything")
    )
    if any(everything for _video, _collection, everything in held):
        return set(by_id)
    yours = {video_id for video_id, _collection, _everything in held if video_id}
    collections = {collection_id for _video, collection_id, _everything in held if collection_id}
    if collections:
        items = CollectionItem.objects.filter(collection__in=collections, video__in=list(by_id))
        yours |= set(items.values_list("video_id", flat=True))
    return yours
