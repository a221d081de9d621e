"""Rows that no constraint minds: each call makes one that differs from all others in everything."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import Mail, Pass, SignedIn, SignInCode, Undeliverable, User
from billing.models import (
    BalanceTransaction,
    CardChange,
    CardOnFile,
    Company,
    Consent,
    Coupon,
    CouponAmount,
    CouponGuess,
    CouponUse,
    Dispute,
    DisputeAnswer,
    DisputeTax,
    ErasedCustomer,
    Erasure,
    FraudWarning,
    Heat,
    LedgerEntry,
    LegalText,
    Membership,
    MembershipPeriod,
    Order,
    Payment,
    PlanChange,
    PriceMove,
    ReceiptCounter,
    Refund,
    RenewalPayment,
    Selling,
    StripeEvent,
    StripePrice,
    TaxCalculation,
    TaxRate,
    Trial,
    UnpaidRenewal,
    Withdrawal,
)
from videos.models import (
    Certificate,
    Channel,
    Chapter,
    Collection,
    CollectionItem,
    CollectionText,
    ConsoleCheck,
    Entitlement,
    KollusEvent,
    KollusFilm,
    KollusTurn,
    Offer,
    OfflineCopy,
    PlaybackSession,
    Price,
    StreamLease,
    TakeDown,
    Upload,
    Video,
    VideoText,
    ViewerCode,
    WatchMap,
    WatchProgress,
)

_numbers = itertools.count(1)


def fresh(model: type[models.Model]) -> Any:
    """A valid row of the model, not saved; what it points at is."""
    return model(**_FIELDS[model]())


def saved(model: type[models.Model]) -> Any:
    row = fresh(model)
    row.save()
    return row


def _word() -> str:
    return f"w{next(_numbers)}"


_FIELDS: dict[type[models.Model], Callable[[], dict[str, Any]]] = {
    User: lambda: {"email": f"{_word()}@example.com"},
    SignedIn: lambda: {"user": saved(User), "session_key": _word(), "signed_in_at": timezone.now()},
    SignInCode: lambda: {
        **{"email": "a@example.com", "mailbox": "a@example.com", "turn": 1},
        **{"window": timezone.now() + timedelta(hours=next(_numbers)), "asked_at": timezone.now()},
    },
    Pass: lambda: {"visitor": _word(), "reference": _word()},
    Mail: lambda: {"cause": _word(), "template": "receipt", "to": "a@example.com", "language": "en"},
    Undeliverable: lambda: {
        "address": f"{_word()}@example.com",
        "told": "refused",
        "since": timezone.now(),
    },
    Video: lambda: {"slug": _word(), "media_content_key": _word(), "duration_seconds": 24},
    Channel: lambda: {"key": _word()},
    ConsoleCheck: lambda: {
        **{"channel": saved(Channel), "item": "capture"},
        **{"checked_by": saved(User), "checked_at": timezone.now()},
    },
    TakeDown: lambda: {
        **{"video": saved(Video), "cause": "law", "owners": "keep", "reason": "a letter"},
        **{"asked_at": timezone.now(), "leaves_at": timezone.now() + timedelta(days=30)},
    },
    VideoText: lambda: {"video": saved(Video), "language": "en", "title": _word()},
    Chapter: lambda: {"video": saved(Video), "language": "en", "start_seconds": next(_numbers), "title": "a"},
    Collection: lambda: {"slug": _word(), "kind": "course"},
    CollectionText: lambda: {"collection": saved(Collection), "language": "en", "title": _word()},
    CollectionItem: lambda: {
        "collection": saved(Collection),
        "video": saved(Video),
        "position": next(_numbers),
    },
    Offer: lambda: {"kind": "own", "video": saved(Video)},
    Price: lambda: {"offer": saved(Offer), "currency": "usd", "amount_minor": 790},
    Entitlement: lambda: {
        "reason": "gift",
        "reference": _word(),
        "video": saved(Video),
        "starts_at": timezone.now(),
    },
    ViewerCode: lambda: {"code": _word(), "visitor": _word()},
    PlaybackSession: lambda: {
        "reference": _word(),
        "viewer_code": saved(ViewerCode),
        "entitlement": saved(Entitlement),
        "video": saved(Video),
        "opened_at": timezone.now(),
        "link_until": timezone.now(),
    },
    OfflineCopy: lambda: {
        "session": saved(PlaybackSession),
        "entitlement": saved(Entitlement),
        "asked_at": timezone.now(),
        "expires_at": timezone.now() + timedelta(days=30),
    },
    StreamLease: lambda: {
        "viewer_code": saved(ViewerCode),
        "slot": 1,
        "session": saved(PlaybackSession),
        "taken_at": timezone.now(),
        "beaten_at": timezone.now(),
    },
    WatchProgress: lambda: {
        "viewer_code": saved(ViewerCode),
        "video": saved(Video),
        "reported_at": timezone.now(),
    },
    Certificate: lambda: {
        "number": next(_numbers),
        "code": _word(),
        "user": saved(User),
        "collection": saved(Collection),
        "films": 1,
        "total_seconds": 60,
        "completed_at": timezone.now(),
        "issued_at": timezone.now(),
        "time_zone": "Asia/Seoul",
    },
    WatchMap: lambda: {"video": saved(Video)},
    StripeEvent: lambda: {
        "event_id": _word(),
        "type": "ping",
        "livemode": False,
        "created_at": timezone.now(),
        "received_at": timezone.now(),
    },
    Selling: lambda: {"pk": 1},
    Upload: lambda: {
        **{"video": saved(Video), "upload_file_key": _word(), "file_name": "a.mp4", "file_size": 1},
        **{"file_mark": "0" * 64, "asked_at": timezone.now(), "address_until": timezone.now()},
    },
    KollusEvent: lambda: {"kind": "upload", "upload_file_key": _word(), "received_at": timezone.now()},
    KollusFilm: lambda: {"video": saved(Video), "is_there": True, "looked_at": timezone.now()},
    KollusTurn: lambda: {"pk": 1, "free_at": timezone.now()},
    ReceiptCounter: lambda: {"pk": 1},
    TaxRate: lambda: {"country": "DE", "starts_on": date.fromordinal(next(_numbers)), "basis_points": 1900},
    PlanChange: lambda: {
        **{"order": saved(Order), "membership": saved(Membership)},
        **{"prorated_at": timezone.now(), "asked_at": timezone.now()},
    },
    PriceMove: lambda: {
        **{"membership": saved(Membership), "from_price": saved(Price), "to_price": saved(Price)},
        **{"reason": "costs", "asked_by": saved(User), "asked_at": timezone.now()},
        "not_before": timezone.now(),
    },
    Trial: lambda: {
        "order": saved(Order),
        "collection": saved(Collection),
        "card_fingerprint": _word(),
    },
    TaxCalculation: lambda: {
        **{"payment": saved(Payment), "calculation_id": _word(), "country": "DE"},
        **{"basis_points": 1900, "tax_minor": 126},
    },
    Withdrawal: lambda: {
        **{"reference": _word(), "email": "a@example.com", "language": "en"},
        **{"window": timezone.now(), "asked_at": timezone.now()},
    },
    Company: lambda: {
        **{"order": saved(Order), "number": 1, "name": _word(), "address": _word(), "country": "DE"},
        "given_at": timezone.now(),
    },
    Consent: lambda: {
        **{"order": saved(Order), "edition": "2026-11", "law": "eu", "kind": "own", "language": "en"},
        **{"fingerprint": "0" * 64, "wanted_at_once": False, "knew_of_loss": False},
        "given_at": timezone.now(),
    },
    Coupon: lambda: {"code": _word().upper()},
    CouponAmount: lambda: {"coupon": saved(Coupon), "currency": "usd", "amount_minor": 200},
    CouponUse: lambda: {
        **{"coupon": saved(Coupon), "order": saved(Order), "visitor": _word()},
        **{"address": f"{_word()}@example.com", "turn": 1, "held_at": timezone.now()},
    },
    CouponGuess: lambda: {"key": _word(), "window": timezone.now()},
    Heat: lambda: {"key": f"offer:{_word()}", "since": timezone.now()},
    Order: lambda: _order(saved(Price)),
    StripePrice: lambda: {"price": saved(Price), "stripe_id": _word()},
    Membership: lambda: {"order": saved(Order)},
    MembershipPeriod: lambda: {
        **{"membership": saved(Membership), "order": saved(Order), "invoice_id": _word()},
        **{"starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(days=30)},
    },
    CardChange: lambda: {
        **{"membership": saved(Membership), "number": next(_numbers), "idempotency_key": _word()},
        **{"confirmation_token": _word(), "sent_at": timezone.now()},
    },
    CardOnFile: lambda: {
        **{"membership": saved(Membership), "payment_method_id": _word(), "brand": "visa", "last4": "4242"},
        **{"expires_month": 12, "expires_year": 2034},
    },
    UnpaidRenewal: lambda: {
        **{"membership": saved(Membership), "invoice_id": _word(), "intent_id": _word()},
        **{"amount_minor": 790, "currency": "usd", "token_hash": _word(), "noted_at": timezone.now()},
        **{"starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(days=30)},
        "link_until": timezone.now() + timedelta(days=30),
    },
    RenewalPayment: lambda: {
        **{"renewal": saved(UnpaidRenewal), "number": next(_numbers), "amount_minor": 790},
        **{"currency": "usd", "idempotency_key": _word(), "confirmation_token": _word()},
        "sent_at": timezone.now(),
    },
    LegalText: lambda: {
        **{"kind": "terms", "number": next(_numbers), "body_en": "Terms.", "body_ko": "약관이에요."},
        "effective_at": timezone.now() - timedelta(days=next(_numbers)),
    },
    LedgerEntry: lambda: {
        "cause": _word(),
        "line": 1,
        "account": "sales",
        "currency": "usd",
        "amount_minor": -790,
        "booked_at": timezone.now(),
    },
    BalanceTransaction: lambda: {
        "transaction_id": _word(),
        **{"type": "charge", "category": "charge", "source_amount_minor": 790, "source_currency": "usd"},
        **{"amount_minor": 790, "fee_minor": 53, "net_minor": 737, "currency": "usd"},
        "created_at": timezone.now(),
    },
    Payment: lambda: {
        "order": saved(Order),
        "number": next(_numbers),
        "amount_minor": 790,
        "currency": "usd",
        "idempotency_key": _word(),
        "confirmation_token": _word(),
        "sent_at": timezone.now(),
    },
    Dispute: lambda: {
        "order": saved(Order),
        "dispute_id": _word(),
        "charge_id": _word(),
        "state": "needs_response",
        "amount_minor": 790,
        "currency": "usd",
        "reason": "fraudulent",
        "is_charge_refundable": False,
        "opened_at": timezone.now(),
    },
    DisputeAnswer: lambda: {
        "dispute": saved(Dispute),
        "number": next(_numbers),
        "kind": "evidence",
        "note": _word(),
        "asked_by": saved(User),
        "asked_at": timezone.now(),
        "idempotency_key": _word(),
    },
    DisputeTax: lambda: {
        "dispute": saved(Dispute),
        "number": next(_numbers),
        "key": _word(),
        "amount_minor": 126,
        "currency": "usd",
        "booked_at": timezone.now(),
    },
    Erasure: lambda: {"pseudonym": f"{_word()}@erased.invalid", "by": "staff", "erased_at": timezone.now()},
    ErasedCustomer: lambda: {"customer_id": _word(), "erasure": saved(Erasure)},
    FraudWarning: lambda: {
        "order": saved(Order),
        "warning_id": _word(),
        "charge_id": _word(),
        "fraud_type": "misc",
        "is_actionable": True,
        "warned_at": timezone.now(),
    },
    Refund: lambda: {
        "order": saved(Order),
        "number": next(_numbers),
        "amount_minor": 790,
        "currency": "usd",
        "reason": "other",
        "ends_access": True,
        "asker": "buyer",
        "idempotency_key": _word(),
        "intent_id": _word(),
        "asked_at": timezone.now(),
    },
}


def _order(price: Price) -> dict[str, Any]:
    return {
        "visitor": _word(),
        "email": "a@example.com",
        "language": "en",
        "offer": price.offer,
        "price": price,
        "total_minor": price.amount_minor,
        "currency": price.currency,
        "quote_nonce": _word(),
        "created_at": timezone.now(),
    }
