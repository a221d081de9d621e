"""Ada with a row of everything that the shop may hold of a person, made without Stripe and without Kollus."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from fido2 import webauthn
from fido2.cose import ES256
from fido2.utils import websafe_encode

from accounts import sign_in_codes, undelivered
from accounts.models import Mail, Pass, SignedIn, SignInCode, Undeliverable, User
from accounts.sessions import SessionStore
from billing.joining.unpaid import hashed
from billing.models import (
    CardChange,
    CardOnFile,
    Company,
    Consent,
    Coupon,
    CouponUse,
    Dispute,
    DisputeAnswer,
    DisputeTax,
    FraudWarning,
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
    TaxCalculation,
    Trial,
    UnpaidRenewal,
    Withdrawal,
)
from billing.receipts import mailed_links
from tests import factories
from tests.saboteurs import rows
from videos.models import (
    Certificate,
    ConsoleCheck,
    Entitlement,
    OfflineCopy,
    PlaybackSession,
    StreamLease,
    TakeDown,
    Upload,
    Video,
    ViewerCode,
    WatchProgress,
)

VISITOR: Final = "ada0" * 8
INTENT: Final = "pi_of_ada"
CERTIFICATE: Final = "000001-BCDFGHJKMN"
# As she is written in Korean, and the address that she had before.
KOREAN, BEFORE = "에이다", "ada@before.example"
PHONE, PASSKEY, CREDENTIAL = "adas-phone", "Ada's Phone", websafe_encode(b"adas-credential")
SECRET = "of-her-app"
WITHDRAW, RENEW = "to-withdraw" * 4, "to-pay-it" * 5


@dataclass(frozen=True)
class Things:
    """What the addresses of her pages are made of."""

    order: Order
    member: Order
    session: PlaybackSession

    @property
    def enter(self) -> str:
        return sign_in_codes.link_token(SignInCode.objects.latest("id").nonce)

    @property
    def receipt(self) -> str:
        return mailed_links.token_of(self.order)


def of(ada: User) -> Things:
    """A film that she bought and got a part of the money back for, and a membership with a renewal to pay."""
    for kind in LegalText.Kind:
        _make(LegalText, kind=kind, number=1)
    film = factories.film_on_sale("noon")
    Video.objects.filter(pk=film.pk).update(preview_seconds=6)
    order = _paid(ada, film.offers.get().prices.get(currency="usd"), 1, intent_id=INTENT)
    _around_the_purchase(ada, order)
    course = factories.collection(film, factories.video("dusk"), slug="course")
    price = factories.membership(course).prices.get(currency="usd")
    member = _paid(ada, price, 2, intent_id="pi_member_of_ada")
    _around_the_membership(ada, member)
    _make(Certificate, code=CERTIFICATE, user=ada, collection=course, name=ada.name)
    _at_the_door(ada)
    session = _around_the_watching(ada, order)
    _in_the_office(ada, session)
    for series, last in (("RECEIPTS", 2), ("CREDIT_NOTES", 1)):
        _make(ReceiptCounter, pk=ReceiptCounter.Series[series], last=last)
    return Things(order, member, session)


def _make(model: type[Any], **fields: Any) -> Any:
    row = rows.fresh(model)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def _paid(ada: User, price: Any, number: int, **fields: Any) -> Order:
    paid = {"state": "paid", "paid_at": timezone.now(), "receipt_number": number, "visitor": VISITOR}
    whose = {"user": ada, "email": ada.email, "language": "en", "offer": price.offer, "price": price}
    order: Order = _make(Order, **paid | whose | fields)
    payment = _make(Payment, order=order, number=1, state="succeeded", decided_at=timezone.now(), **fields)
    _make(TaxCalculation, payment=payment)
    _make(Consent, order=order)
    return order


def _around_the_purchase(ada: User, order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(refunded_minor=100)
    given = {"state": "succeeded", "refund_id": "re_1", "succeeded_at": timezone.now(), "amount_minor": 100}
    note = {
        "credit_note_number": 1,
        "credited_at": timezone.now(),
        "note": f"It is {ada.name}'s",
        "number": 1,
    }
    _make(Refund, order=order, asked_by=ada, **given | note)
    where = {"name": f"{ada.name} & Daughters", "address": "12 St James's Square", "tax_id": "DE811907980"}
    _make(Company, order=order, **where)
    _make(CouponUse, order=order, visitor=VISITOR, address=ada.email, coupon=_make(Coupon))
    Pass.objects.create(visitor=VISITOR, reference=order.reference, user=ada)
    asked = {"reference": order.reference, "email": ada.email, "language": "en", "window": timezone.now()}
    link = {"token_hash": hashed(WITHDRAW), "expires_at": timezone.now() + timedelta(days=1)}
    now = {"asked_at": timezone.now(), "answered_at": timezone.now()}
    Withdrawal.objects.create(order=order, **asked | link | now)
    dispute = _make(Dispute, order=order, state="won", closed_at=timezone.now())
    evidence = {"customer_email_address": ada.email}
    answered = {"state": "delivered", "answered_at": timezone.now(), "note": f"{ada.name} did watch it"}
    _make(DisputeAnswer, dispute=dispute, evidence=evidence, **answered)
    _make(DisputeTax, dispute=dispute)
    _make(FraudWarning, order=order)
    wish = sign_in_codes.ask(email=ada.email, then="/library/", language="en", at=timezone.now())
    assert wish.turn
    sent: dict[str, Any] = {"template": "receipt", "to": ada.email, "language": "en"}
    context = {"email": ada.email, "order": order.reference, "name": KOREAN}
    sent |= {"sent_at": timezone.now(), "first_sent_at": timezone.now()}
    Mail.objects.create(cause=f"receipt:{order.reference}", context=context, **sent)
    Mail.objects.create(cause=f"refund:{order.reference}", **sent | {"to": BEFORE})
    undelivered.note(ada.email, told=Undeliverable.Told.REPORTED, code="5.2.2", at=timezone.now())


def _around_the_membership(ada: User, order: Order) -> None:
    now, month = timezone.now(), timedelta(days=30)
    facts = {"state": "past_due", "subscription_id": "sub_1", "customer_id": "cus_1"}
    membership = _make(Membership, order=order, **facts)
    period = {"starts_at": now - month, "ends_at": now}
    _make(MembershipPeriod, membership=membership, order=order, **period)
    _make(CardOnFile, membership=membership)
    decided = {"state": "refused", "decided_at": now, "number": 1}
    _make(CardChange, membership=membership, **decided)
    _make(PriceMove, membership=membership, reason=f"{ada.name} asked", applied_at=now)
    link = {"token_hash": hashed(RENEW), "link_until": now + month}
    renewal = _make(UnpaidRenewal, membership=membership, **link)
    _make(RenewalPayment, renewal=renewal, **decided)
    _make(Trial, order=order, user=ada, collection=order.offer.collection)
    given_up = {"state": "canceled", "offer": order.offer, "price": order.price, "visitor": VISITOR}
    wish = _make(Order, user=ada, email=ada.email, **given_up)
    _make(PlanChange, order=wish, membership=membership, closed_at=now)


def _around_the_watching(ada: User, order: Order) -> PlaybackSession:
    right = {"user": ada, "reason": "purchase", "reference": order.reference, "starts_at": timezone.now()}
    entitlement = Entitlement.objects.create(video=order.offer.video, note=f"For {ada.name}", **right)
    code = ViewerCode.objects.create(user=ada)
    whose = {"viewer_code": code, "entitlement": entitlement, "video": order.offer.video}
    _make(WatchProgress, viewer_code=code, video=order.offer.video, position_seconds=7)
    session: PlaybackSession = _make(PlaybackSession, **whose, player_id=PHONE)
    _make(StreamLease, viewer_code=session.viewer_code, session=session)
    _make(OfflineCopy, session=session)
    return session


def _at_the_door(ada: User) -> None:
    now = timezone.now()
    session = SessionStore()
    session["visitor"] = VISITOR
    session.save()
    SignedIn.objects.create(
        user=ada, session_key=session.session_key or "", device="Chrome", signed_in_at=now
    )
    address = EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    EmailConfirmation.objects.create(email_address=address, key="a-key")
    SocialAccount.objects.create(user=ada, provider="google", uid="117")
    ada.former_addresses.create(address=BEFORE, until=now)
    passkey = {"name": PASSKEY, "credential": _credential()}
    Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data=passkey)
    Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={"secret": SECRET})


def _in_the_office(ada: User, session: PlaybackSession) -> None:
    """What she did when she worked there, and what a colleague did since to her account and a viewing."""
    _make(ConsoleCheck, checked_by=ada)
    _make(TakeDown, asked_by=ada)
    _make(Upload, asked_by=ada)
    by = User.objects.create_user("dot@example.com")
    told = json.dumps([{"changed": {"fields": [f"{KOREAN} ({ada.name})"]}}])
    for row in (ada, session):
        kind = ContentType.objects.get_for_model(row)
        what = {"content_type": kind, "object_id": str(row.pk), "object_repr": str(row)}
        LogEntry.objects.create(user=by, action_flag=CHANGE, change_message=told, **what)


def _credential() -> dict[str, Any]:
    """What a browser gives that made a passkey; its key is none."""
    key = ES256({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)})
    held = webauthn.AttestedCredentialData.create(bytes(16), b"adas-credential", key)
    made = webauthn.AuthenticatorData.create(bytes(32), webauthn.AuthenticatorData.FLAG.AT, 0, held)
    of_whom = webauthn.CollectedClientData.create("webauthn.create", bytes(32), "http://localhost")
    response = {
        "clientDataJSON": websafe_encode(of_whom),
        "attestationObject": websafe_encode(webauthn.AttestationObject.create("none", made, {})),
    }
    whose = {"id": CREDENTIAL, "rawId": CREDENTIAL, "type": "public-key"}
    return whose | {"response": response, "clientExtensionResults": {}}
