"""Guards of the door, to be taken away; see `taking_away`."""

from datetime import UTC, datetime

from stripe import WebhookSignature

from accounts.page_api import PageSession
from billing.buying import quotes
from billing.models.orders import OrderQuerySet
from billing.settling import fulfilment
from billing.stripe import stripe_gateway
from tests.saboteurs.taking_away import credulous_signing, instead

_real_read, _real_verify = quotes.read, WebhookSignature.verify_header


def _read_long_ago(token: str, *, visitor: str, at: datetime) -> quotes.Quote:
    return _real_read(token, visitor=visitor, at=datetime(2000, 1, 1, tzinfo=UTC))


any_quote_is_ours = instead(quotes, "signing", credulous_signing)
any_quote_is_this_browsers = instead(quotes, "_fingerprint", lambda visitor: "anybody")
no_quote_expires = instead(quotes, "read", _read_long_ago)
any_webhook_is_stripes = instead(stripe_gateway, "signing_secret", lambda body, signature: "whsec_any")
any_webhook_is_fresh = instead(
    WebhookSignature,
    "verify_header",
    lambda text, signature, key, tolerance: _real_verify(text, signature, key),
)
any_mode_is_ours = instead(fulfilment, "is_live", lambda: True)
no_csrf_check = instead(PageSession, "enforce_csrf", lambda self, request: None)
any_order_is_everybodys = instead(OrderQuerySet, "held_by", lambda rows, viewer: rows.all())
