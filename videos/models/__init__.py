from videos.models.catalogue import (
    Collection,
    CollectionItem,
    CollectionText,
    Offer,
    Price,
    Video,
    VideoText,
    offer_label,
)
from videos.models.watching import Entitlement, PlaybackSession, ViewerCode, WatchProgress

__all__ = [
    "Collection",
    "CollectionItem",
    "CollectionText",
    "Entitlement",
    "Offer",
    "PlaybackSession",
    "Price",
    "Video",
    "VideoText",
    "ViewerCode",
    "WatchProgress",
    "offer_label",
]
