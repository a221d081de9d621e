"""The README's list of what Stripe is to send, held against what the shop acts on."""

from fnmatch import fnmatch

from billing.inbox import nudges
from billing.models import StripeEvent
from tests import enabled_events


def test_what_the_readme_has_stripe_send_is_of_use_and_all_that_is() -> None:
    sent = [StripeEvent(type=each) for each in enabled_events.written_out()]
    of_use = {each.type_begins for each in nudges.NUDGES} - {"charge.refunded"}  # `refund.*` says the same

    assert [event.type for event in sent if not nudges.is_of_use(event)] == []
    assert [begins for begins in of_use if not any(event.type.startswith(begins) for event in sent)] == []
    assert [name for name in enabled_events.named() if not any(fnmatch(e.type, name) for e in sent)] == []
