"""Attacks on a film's protection, and on a viewer by a code that was read badly."""

import io
from contextlib import suppress

from django.core.management import CommandError, call_command
from django.test import override_settings

from tests import promises
from tests.concurrency.stage import Stage
from tests.player import Link
from videos.models import PlaybackSession, Video, ViewerCode
from videos.models.viewer_codes import ALPHABET


def the_licence_keys_are_lost(stage: Stage) -> None:
    """Somebody deploys without them, and a buyer presses Watch."""
    ada = stage.stranger()
    ada.buy("noon")

    with override_settings(KOLLUS_DRM_SITE_ID=""):
        promises.refused(ada.watch("noon"), 503)


def the_film_may_not_be_skipped(stage: Stage) -> None:
    Video.objects.update(locks_seeking=True)
    answer = stage.stranger().buy("noon")

    film = Link(answer["playback"]["url"]).claims["mc"][0]
    promises.keep(film.get("seek") is False, "a viewer may skip what he has not watched")


def a_code_is_misread(stage: Stage) -> None:
    """Staff end the sessions of whoever it leads to."""
    stage.stranger().buy("noon")
    code = ViewerCode.objects.get().code
    misread = ALPHABET[ALPHABET.index(code[0]) - 1] + code[1:]

    with suppress(CommandError):
        call_command("trace", misread, end=True, stdout=io.StringIO())

    ended = PlaybackSession.objects.filter(ended_at__isnull=False).exists()
    promises.keep(not ended, "a viewer was ended by a misread code")
