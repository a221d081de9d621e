"""Years of sales, written by the database itself: an order is paid, watched, told of and receipted."""

from datetime import timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

_WRITE = """
INSERT INTO billing_order (reference, state, visitor, email, language, time_zone, offer_id, price_id,
    total_minor, currency, quote_nonce, intent_id, created_at, paid_at)
SELECT md5('order-' || n), 'paid', md5('visitor-' || n), 'buyer-' || n || '@example.com', 'en', 'Asia/Seoul',
    price.offer_id, price.id, price.amount_minor, price.currency, md5('nonce-' || n), 'pi_bench' || n,
    now() - n * interval '1 minute', now() - n * interval '1 minute'
FROM generate_series({first}, {last}) n, (SELECT * FROM videos_price ORDER BY id LIMIT 1) price;

INSERT INTO billing_payment (order_id, number, state, amount_minor, currency, idempotency_key,
    confirmation_token, intent_id, charge_id, challenge_url, decline_code, sent_at, decided_at)
SELECT id, 1, 'succeeded', total_minor, currency, reference || '-1', 'ctoken_' || id, intent_id,
    replace(intent_id, 'pi_', 'ch_'), '', '', created_at, paid_at
FROM billing_order WHERE intent_id LIKE 'pi_bench%';

INSERT INTO billing_stripeevent (event_id, type, object_id, api_version, livemode, body_sha256, created_at,
    received_at, processed_at, attempts, outcome)
SELECT 'evt_bench' || id, 'payment_intent.succeeded', intent_id, '', false, md5(reference), created_at,
    created_at, created_at, 1, 'paid'
FROM billing_order WHERE intent_id LIKE 'pi_bench%';

INSERT INTO accounts_mail (cause, template, "to", language, context, attempts, sent_at, first_sent_at,
    error)
SELECT 'receipt:' || reference, 'receipt', email, language, '{{}}', 1, created_at, created_at, ''
FROM billing_order WHERE intent_id LIKE 'pi_bench%';

INSERT INTO videos_viewercode (code, visitor)
SELECT 'B' || id, visitor FROM billing_order WHERE intent_id LIKE 'pi_bench%';

INSERT INTO videos_entitlement (reason, reference, note, video_id, everything, starts_at, revoked_because)
SELECT 'purchase', reference, '', (SELECT min(id) FROM videos_video), false, created_at, ''
FROM billing_order WHERE intent_id LIKE 'pi_bench%';

INSERT INTO videos_playbacksession (reference, viewer_code_id, entitlement_id, video_id, opened_at,
    link_until, player_id)
SELECT 'bench-' || code.id, code.id, entitled.id, entitled.video_id, bought.created_at, bought.paid_at, ''
FROM videos_viewercode code JOIN billing_order bought ON bought.visitor = code.visitor
JOIN videos_entitlement entitled ON entitled.reference = bought.reference
WHERE bought.intent_id LIKE 'pi_bench%';

INSERT INTO videos_watchprogress (viewer_code_id, video_id, position_seconds, watched_seconds, reported_at)
SELECT viewer_code_id, video_id, 12, 12, opened_at FROM videos_playbacksession WHERE reference LIKE 'bench-%';

ANALYZE;
"""


def write(orders: int) -> None:
    """This will add so many paid orders, with all that hangs on an order."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(first=1, last=int(orders)))


def reference_of(number: int) -> str:
    """The reference of the n-th order."""
    with connection.cursor() as cursor:
        return _first(cursor, "SELECT md5('order-' || %s::int)", number)


def day_of(number: int) -> str:
    """The day of the n-th order."""
    return f"{timezone.now() - timedelta(minutes=number):%Y-%m-%d}"


def email_of(number: int) -> str:
    """The address of the n-th order."""
    return f"buyer-{number}@example.com"


def _first(cursor: CursorWrapper, statement: str, value: int) -> str:
    cursor.execute(statement, [value])
    return str(cursor.fetchone()[0])
