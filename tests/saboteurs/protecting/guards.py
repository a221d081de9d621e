"""Guards of a film's protection, to be taken away; see `taking_away`."""

from tests.saboteurs.taking_away import instead
from videos import playback, tracing
from videos.kollus import drm_policy

licences_need_no_keys = instead(drm_policy, "is_set_up", lambda: True)
all_of_it_was_watched = instead(playback, "_seekable_end", lambda opened: None)
any_reading_is_certain = instead(tracing.Candidate, "is_certain", True)
