"""What a video needs before it may stand in the shop: to play, and to be bought by who sees what it is."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from videos.kollus import api_client, drm_policy
from videos.models import KollusFilm, Offer, Upload, Video

_State = Upload.State
_NO_FILM = {
    _State.WAITING: _("The file is still on its way."),
    _State.GIVEN_UP: _("The file did not arrive: send it again."),
    _State.UPLOADED: _("Kollus is still preparing the file."),
    _State.TRANSCODED: _("The file is prepared, but not in the channel yet."),
    _State.FAILED: _("Kollus could not prepare the file: send it again."),
    _State.READY: _("There is no film yet: send its file."),
}


@dataclass(frozen=True)
class Need:
    """One line of the list: `missing` says in a sentence what is not there, empty where all is well. `advice`
    says it of what a video can do without.
    """

    label: Promise
    missing: Promise | str = ""
    advice: Promise | str = ""


def needs(video: Video) -> list[Need]:
    """This will look through everything, and say of each whether it is there."""
    said = KollusFilm.objects.filter(video=video).first()
    # A shop that cannot ask, for want of a token, takes the keys as they were typed.
    is_confirmed = api_client.is_set_up() and bool(video.media_content_key)
    return [
        Need(_("Title"), _title(video)),
        Need(_("Film"), _film(video, said)),
        *([Need(_("Confirmed by Kollus"), _kollus(video, said))] if is_confirmed else []),
        Need(_("Protection"), _protection(video, said)),
        Need(_("Price"), _price(video)),
        Need(_("Poster"), advice="" if video.poster else _("It has no poster: people pass over a grey box.")),
        Need(_("Preview"), _trailer(video, said) if is_confirmed else "", advice=_preview(video)),
        Need(_("Chapters"), advice=_chapters(video)),
    ]


def missing(video: Video) -> list[str]:
    """This will name what is missing, a sentence each; nothing where the video may be published."""
    return [str(need.missing) for need in needs(video) if need.missing]


def _title(video: Video) -> Promise | str:
    has_one = video.texts.filter(language=settings.LANGUAGE_CODE).exclude(title="").exists()
    return "" if has_one else _("It has no title in the shop's own language.")


def _film(video: Video, said: KollusFilm | None) -> Promise | str:
    if not video.media_content_key:
        if said and said.left_channel_at:
            return _(
                "The film was taken out of its channel at Kollus. Put it back there, or send a file anew."
            )
        latest = video.uploads.order_by("-id").first()
        return _NO_FILM[_State(latest.state if latest else _State.READY)]
    return "" if video.duration_seconds else _("The film's length is not known.")


def _kollus(video: Video, said: KollusFilm | None) -> Promise | str:
    if said is None:
        return _("Kollus has not been asked about this film: press “Ask Kollus”.")
    if not said.is_there:
        return _("Kollus has no such file in its library.")
    if not said.is_transcoded:
        return _("Kollus has not prepared the film.")
    if said.is_in_channel:
        return ""
    if video.channel is None:
        return _("The film is not in the shop's channel at Kollus.")
    return _("The film is not in the channel at Kollus that is chosen for it.")


def _protection(video: Video, said: KollusFilm | None) -> Promise | str:
    if video.protection == Video.Protection.MULTI_DRM:
        if not drm_policy.is_set_up():
            return _(
                "Multi DRM needs the licence server's keys in the settings: KOLLUS_DRM_SITE_ID and others."
            )
        if video.media_content_key and not video.upload_file_key:
            return _("Licences of Multi DRM name the film by its upload file key, which is missing.")
    if said is None or not said.is_there:
        return ""
    if said.is_encrypted and video.protection != Video.Protection.KOLLUS:
        return _("The file is encrypted for the Kollus player: choose that protection, or send it anew.")
    if not said.is_encrypted and video.protection == Video.Protection.KOLLUS:
        return _(
            "The file is not encrypted for the Kollus player: choose another protection, or send it anew."
        )
    return ""


def _trailer(video: Video, said: KollusFilm | None) -> Promise | str:
    if said is None or not video.trailer_key:
        return ""
    if said.trailer_key != video.trailer_key:
        return _("Kollus has not been asked about this trailer: press “Ask Kollus”.")
    return "" if said.has_trailer else _("The film's channel at Kollus has no trailer of this key.")


def _preview(video: Video) -> Promise | str:
    return "" if video.has_preview else _("Nobody can see any of it before buying.")


def _chapters(video: Video) -> Promise | str:
    return "" if video.chapters.exists() else _("It has no chapters to jump to.")


def _price(video: Video) -> Promise | str:
    sold = Q(video=video) | Q(collection__items__video=video, collection__is_published=True)
    if Offer.objects.filter(sold, is_active=True, prices__retired_at=None, prices__isnull=False).exists():
        return ""
    return _("It has no price: add an offer with one, or put it into a collection that has one.")
