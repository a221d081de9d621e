"""Stripe's dialect, and the only `import stripe`. Everyone else hears the words of `intents`.

A call waits at most a few seconds and is not retried here; no more than a set number of a process's threads
may wait at once, and none waits for its turn, so that a hanging Stripe leaves the rest of the shop alone.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import requests
import stripe
from django.conf import settings

from billing.models import Payment, RenewalPayment
from billing.stripe import stripe_record
from billing.stripe.intent_reading import get_text, read
from billing.stripe.intents import Intent, OutcomeUnknown, StripeRefused, StripeUnavailable

API_VERSION = "2026-10-28.endive"
_CONNECT_SECONDS = 3
_PAYMENT_METHOD = "pm_"

logger = logging.getLogger(__name__)

stripe.enable_telemetry = False


def charge(
    payment: Payment | RenewalPayment,
    *,
    order_reference: str,
    intent_id: str | None,
    return_url: str,
    tax_calculation: str = "",
) -> Intent:
    """Create and confirm the order's PaymentIntent, or confirm the one there is, with this attempt's card.

    The amount is `payment.amount_minor` in Stripe's minor unit. A decline is an answer, not an error: the
    intent comes back with its `decline_code`. Called again with the same payment it returns the first
    answer, since the idempotency key is the payment's.

    With a `tax_calculation` Stripe records its tax with the payment, and takes it back with refunds.

    :raises StripeUnavailable: nothing was sent.
    :raises OutcomeUnknown: sent, and no answer came.
    :raises StripeRefused: Stripe will not do this.
    Source: https://docs.stripe.com/payments/finalize-payments-on-the-server
    """
    confirmation: dict[str, Any] = {
        **card(payment.confirmation_token),
        "return_url": return_url,
        # A ConfirmationToken asks for Stripe.js's own dialog unless told otherwise.
        "use_stripe_sdk": False,
        "expand": ["latest_charge"],
    }
    if tax_calculation:
        confirmation["hooks"] = {"inputs": {"tax": {"calculation": tax_calculation}}}
    creation: dict[str, Any] = {
        "amount": payment.amount_minor,
        "currency": payment.currency,
        "allowed_payment_method_types": ["card"],
        "confirm": True,
        "metadata": {"order": order_reference, "payment": str(payment.number)},
        **confirmation,
    }
    options: Any = {"idempotency_key": payment.idempotency_key}
    with speaking() as client:
        intents: Any = client.v1.payment_intents
        try:
            if intent_id:
                return read(intents.confirm(intent_id, confirmation, options))
            return read(intents.create(creation, options))
        except stripe.CardError as error:
            declined = _intent_of(error)
            if declined is None:
                raise StripeRefused(error.code or "card_error") from error
            return declined


def retrieve(intent_id: str) -> Intent:
    """Read an intent as it is now. Raises as `charge` does, but never `OutcomeUnknown`."""
    with reading() as client:
        return read(client.v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]}))


def intent_of_token(confirmation_token: str) -> str | None:
    """Tell which intent a ConfirmationToken was used on, None while it is unused or after it is forgotten.

    Source: https://docs.stripe.com/api/confirmation_tokens/object#confirmation_token_object-payment_intent
    """
    if confirmation_token.startswith(_PAYMENT_METHOD):
        return None
    try:
        with reading() as client:
            token = client.v1.confirmation_tokens.retrieve(confirmation_token)
            return token.payment_intent or token.setup_intent
    except StripeRefused:  # a token lives for hours only
        return None


def intent_of_order(order_reference: str, *, since: datetime) -> Intent | None:
    """Look through the intents made since then for the one that names this order."""
    with reading() as client:
        listed = client.v1.payment_intents.list(
            {"created": {"gte": int(since.timestamp())}, "limit": 100, "expand": ["data.latest_charge"]}
        )
        for each in listed.auto_paging_iter():
            if get_text(each.metadata, "order") == order_reference:
                return read(each)
    return None


def cancel(intent_id: str) -> Intent:
    """Cancel an intent so that it can never take money. Again: the same answer.

    :raises StripeRefused: it has already succeeded; `intent` of the error holds it.
    """
    with speaking() as client:
        return read(client.v1.payment_intents.cancel(intent_id, {"cancellation_reason": "abandoned"}))


def signing_secret(body: bytes, signature: str) -> str | None:
    """Tell which of our webhook secrets signed this raw body within the last five minutes, None for none.

    Source: https://docs.stripe.com/webhooks#verify-manually
    """
    if not signature.isascii():
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    # Every secret is tried, so that the time taken does not tell which one fits.
    fitting = [secret for secret in settings.STRIPE_WEBHOOK_SECRETS if _is_signed(text, signature, secret)]
    return fitting[0] if fitting else None


def _is_signed(text: str, signature: str, secret: str) -> bool:
    # Not `construct_event`, which spends nearly all of its time on objects that we do not need.
    try:
        return bool(stripe.WebhookSignature.verify_header(text, signature, secret, tolerance=300))
    except (stripe.SignatureVerificationError, ValueError):
        return False


def card(token: str) -> dict[str, str]:
    """Name the card by its ConfirmationToken, or by a PaymentMethod where `STRIPE_CARD_AS` says so.

    Without a token it is the card that the intent has already.
    """
    if not token:
        return {}
    return {"payment_method" if token.startswith(_PAYMENT_METHOD) else "confirmation_token": token}


@contextmanager
def speaking() -> Iterator[stripe.StripeClient]:
    """Lend the client for one call, and translate its failures.

    :raises OutcomeUnknown: no answer in time, or one that says nothing of what was done.
    :raises StripeUnavailable: nothing was done: the call never went, or Stripe does not let us in just now.
    :raises StripeRefused: never to be asked again like this.
    """
    with _one_of_few():
        try:
            yield _client()
        except stripe.APIConnectionError as error:
            if _was_never_sent(error):
                raise StripeUnavailable from error
            raise OutcomeUnknown(is_over=False) from error
        except (stripe.RateLimitError, stripe.AuthenticationError, stripe.PermissionError) as error:
            logger.error("Stripe did not let us in", extra={"reason": type(error).__name__})
            raise StripeUnavailable from error
        except (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.CardError) as error:
            raise StripeRefused(error.code or "invalid_request", _intent_of(error)) from error
        except stripe.APIError as error:
            # 409 means that the same call is still under way; 5xx says nothing of what was done.
            raise OutcomeUnknown(is_over=error.http_status != HTTPStatus.CONFLICT) from error


@contextmanager
def reading() -> Iterator[stripe.StripeClient]:
    """As `speaking`, for a call that changes nothing: one without an answer is `StripeUnavailable` too."""
    try:
        with speaking() as client:
            yield client
    except OutcomeUnknown as error:
        raise StripeUnavailable from error


# Per process, as its threads are; read once, since the number of threads does not change either.
_waiting = threading.Semaphore(settings.STRIPE_MAX_WAITING)


@contextmanager
def _one_of_few() -> Iterator[None]:
    # At once or not at all: threads queueing here, however shortly, would be missing everywhere else.
    if not _waiting.acquire(blocking=False):
        logger.warning("too many threads wait on Stripe")
        raise StripeUnavailable
    try:
        yield
    finally:
        _waiting.release()


def _client() -> stripe.StripeClient:
    return _client_for(
        settings.STRIPE_SECRET_KEY,
        settings.STRIPE_API_BASE,
        settings.STRIPE_TIMEOUT_SECONDS,
        settings.STRIPE_RECORD,
    )


@lru_cache(maxsize=8)
def _client_for(key: str, base: str, timeout_seconds: int, record: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base},
        # A retry inside a request would keep the buyer waiting; the sweep finds out instead.
        max_network_retries=0,
        http_client=stripe.RequestsClient(
            timeout=(_CONNECT_SECONDS, timeout_seconds), session=stripe_record.session(record)
        ),
    )


def _intent_of(error: stripe.StripeError) -> Intent | None:
    intent = getattr(error.error, "payment_intent", None)
    return read(intent) if intent is not None else None


def _was_never_sent(error: stripe.APIConnectionError) -> bool:
    """True only where the connection itself failed, so that Stripe cannot have seen the request."""
    cause = error.__cause__
    while cause is not None:
        if isinstance(cause, requests.exceptions.ConnectTimeout) or "NewConnectionError" in repr(cause):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
