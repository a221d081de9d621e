from videos.models.catalogue import (
    Collection,
    CollectionItem,
    CollectionText,
    Video,
    VideoText,
)
from videos.models.certificates import Certificate
from videos.models.chapters import Chapter
from videos.models.kollus_side import KollusTurn
from videos.models.leases import StreamLease
from videos.models.offers import Offer, Price, offer_label
from videos.models.offline import OfflineCopy
from videos.models.rights import Entitlement
from videos.models.rules import Channel, ConsoleCheck, OutputProtection
from videos.models.take_downs import TakeDown
from videos.models.uploads import KollusEvent, KollusFilm, Upload
from videos.models.watched import WatchMap, WatchProgress
from videos.models.watching import PlaybackSession, ViewerCode

__all__ = [
    "Certificate",
    "Channel",
    "Chapter",
    "Collection",
    "CollectionItem",
    "CollectionText",
    "ConsoleCheck",
    "Entitlement",
    "KollusEvent",
    "KollusFilm",
    "KollusTurn",
    "Offer",
    "OfflineCopy",
    "OutputProtection",
    "PlaybackSession",
    "Price",
    "StreamLease",
    "TakeDown",
    "Upload",
    "Video",
    "VideoText",
    "ViewerCode",
    "WatchMap",
    "WatchProgress",
    "offer_label",
]
