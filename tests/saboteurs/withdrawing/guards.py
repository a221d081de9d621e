"""Guards of the links that withdraw, to be taken away; see `taking_away`."""

from billing.models import Withdrawal
from tests.saboteurs.taking_away import instead, unconditionally

any_link_is_good = instead(Withdrawal, "claim", unconditionally(lambda wish, at: {"withdrawn_at": at}))
