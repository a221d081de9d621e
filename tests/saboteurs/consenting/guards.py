"""Guards of what a buyer agrees to, to be taken away; see `taking_away`."""

from billing.consenting import consents
from tests.saboteurs.taking_away import instead

no_law_wants_a_word = instead(consents, "_asks_for_box", lambda law, kind, found: False)
