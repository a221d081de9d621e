"""Takes one guard of a film's protection away; see `guards`."""

from typing import Any
from unittest import mock

from tests.saboteurs.guards import Guard
from videos import playback, tracing
from videos.kollus import drm_policy


def _instead(owner: object, name: str, replacement: Any) -> Guard:
    return lambda: mock.patch.object(owner, name, replacement)


licences_need_no_keys = _instead(drm_policy, "is_set_up", lambda: True)
all_of_it_was_watched = _instead(playback, "_seekable_end", lambda opened: None)
any_reading_is_certain = _instead(tracing.Candidate, "is_certain", True)
