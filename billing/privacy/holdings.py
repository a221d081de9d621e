"""What the database holds of people, by model: which rows, what an export leaves out, what erasing does.

A model or a text that is missing here fails `tests/privacy/test_holdings.py`, so that nobody adds a place for
names without saying what becomes of them. What is exported needs no entry: all of a row, but for `withheld`.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet

from accounts.models import FormerAddress, Mail, Pass, SignedIn, SignInCode, Undeliverable, User
from billing.models import (
    CardChange,
    CardOnFile,
    Company,
    Consent,
    CouponUse,
    Dispute,
    DisputeAnswer,
    DisputeTax,
    FraudWarning,
    Membership,
    MembershipPeriod,
    Order,
    Payment,
    PlanChange,
    PriceMove,
    Refund,
    RenewalPayment,
    TaxCalculation,
    Trial,
    UnpaidRenewal,
    Withdrawal,
)
from billing.privacy.persons import Person
from billing.refunding import access
from videos.models import (
    Certificate,
    ConsoleCheck,
    Entitlement,
    OfflineCopy,
    PlaybackSession,
    StreamLease,
    Upload,
    ViewerCode,
    WatchProgress,
    viewer_codes,
)

Rows = Callable[[Person], QuerySet[Any]]
# What takes a text's place, by the person's pseudonym and what stood there. What is unset stays so.
Instead = Callable[[str, Any], Any]


def _pseudonym(pseudonym: str, was: Any) -> str:
    return pseudonym


def _pseudonym_of_its_own(pseudonym: str, was: Any) -> str:
    """Where several addresses of one person must not become the same."""
    return f"{secrets.token_hex(8)}-{pseudonym}"


def _unless_the_office_s(pseudonym: str, was: Any) -> str:
    return str(was) if was == settings.SUPPORT_EMAIL else pseudonym


def _unless_a_number(pseudonym: str, was: Any) -> str:
    return pseudonym if "@" in was else str(was)


def _unless_by_rule(pseudonym: str, was: Any) -> str:
    """What the shop wrote itself is read again where money comes back; what staff wrote may name somebody."""
    return str(was) if was in (access.BY_REFUND, access.BY_DISPUTE) else ""


def _random(pseudonym: str, was: Any) -> str:
    return secrets.token_hex(16)


def _code(pseudonym: str, was: Any) -> str:
    return viewer_codes.new_code()


def _blank(pseudonym: str, was: Any) -> str:
    return ""


def _unset(pseudonym: str, was: Any) -> None:
    return None


def _no(pseudonym: str, was: Any) -> bool:
    return False


def _no_facts(pseudonym: str, was: Any) -> dict[str, str]:
    return {}


def _forgotten(pseudonym: str, was: Any) -> dict[str, bool]:
    return Mail.FORGOTTEN


def _nowhere(pseudonym: str, was: Any) -> str:
    return "UTC"


@dataclass(frozen=True)
class Held:
    """The rows of one model that are about a person.

    Erasing deletes them, or puts something else in the place of what is named in `instead`; the texts in
    `stays` name nobody, and are needed for what the law makes us keep.
    """

    rows: Rows
    withheld: str = ""
    instead: dict[str, Instead] = field(default_factory=dict)
    stays: str = ""
    is_deleted: bool = False


def _of_orders(model: type[Model], path: str) -> Rows:
    return lambda person: model._default_manager.filter(**{f"{path}__in": person.orders().values("pk")})


def _of_user(model: type[Model], path: str = "user") -> Rows:
    return lambda person: model._default_manager.filter(**{path: person.user_id, f"{path}__isnull": False})


def _rights(person: Person) -> QuerySet[Entitlement]:
    whose = Q(reference__in=person.references())
    if person.user_id is not None:
        whose |= Q(user=person.user_id)
    return Entitlement.objects.filter(whose)


def _codes(person: Person) -> QuerySet[ViewerCode]:
    whose = Q(visitor__in=person.visitors())
    if person.user_id is not None:
        whose |= Q(user=person.user_id)
    return ViewerCode.objects.filter(whose)


def _sessions(person: Person) -> QuerySet[Session]:
    keys = SignedIn.objects.filter(user=person.user_id, user__isnull=False).values("session_key")
    return Session.objects.filter(session_key__in=keys)


def _trail(person: Person) -> QuerySet[LogEntry]:
    """What staff did to him and to his purchases, with their reasons."""
    about = Q(object_repr__in=person.addresses)
    his: dict[type[Model], QuerySet[Any]] = {
        User: User.objects.filter(pk__in=[person.user_id] if person.user_id else []),
        Order: person.orders(),
        Membership: Membership.objects.filter(order__in=person.orders()),
        Dispute: Dispute.objects.filter(order__in=person.orders()),
        Entitlement: _rights(person),
    }
    for model, rows in his.items():
        kind = Q(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name)
        about |= kind & Q(object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)])
    return LogEntry.objects.filter(about)


_ATTEMPT: Final = "state idempotency_key confirmation_token decline_code"

# In the order in which erasing goes through them: what others are found by comes last.
HELD: Final[dict[type[Model], Held]] = {
    Mail: Held(
        Person.mails,
        instead={"to": _unless_the_office_s, "context": _forgotten},
        stays="cause template language error",
    ),
    Undeliverable: Held(
        lambda person: Undeliverable.objects.filter(address__in=person.addresses), is_deleted=True
    ),
    SignInCode: Held(
        lambda person: SignInCode.objects.filter(
            Q(email__in=person.addresses) | Q(for_user=person.user_id, for_user__isnull=False)
        ),
        withheld="nonce",
        is_deleted=True,
    ),
    Session: Held(_sessions, withheld="session_key session_data", is_deleted=True),
    SignedIn: Held(_of_user(SignedIn), withheld="session_key reference", is_deleted=True),
    EmailConfirmation: Held(
        _of_user(EmailConfirmation, "email_address__user"), withheld="key", is_deleted=True
    ),
    FormerAddress: Held(_of_user(FormerAddress), is_deleted=True),
    EmailAddress: Held(_of_user(EmailAddress), is_deleted=True),
    SocialAccount: Held(_of_user(SocialAccount), is_deleted=True),
    Authenticator: Held(_of_user(Authenticator), withheld="data", is_deleted=True),
    LogEntry: Held(
        _trail, instead={"object_repr": _unless_a_number, "change_message": _blank}, stays="object_id user"
    ),
    Pass: Held(
        lambda person: Pass.objects.filter(
            Q(reference__in=person.references()) | Q(user=person.user_id, user__isnull=False)
        ),
        withheld="visitor",
        is_deleted=True,
    ),
    Certificate: Held(_of_user(Certificate), is_deleted=True),
    WatchProgress: Held(
        lambda person: WatchProgress.objects.filter(viewer_code__in=_codes(person)), is_deleted=True
    ),
    OfflineCopy: Held(
        lambda person: OfflineCopy.objects.filter(
            Q(session__entitlement__in=_rights(person)) | Q(session__viewer_code__in=_codes(person))
        ),
        is_deleted=True,
    ),
    StreamLease: Held(
        lambda person: StreamLease.objects.filter(viewer_code__in=_codes(person)), is_deleted=True
    ),
    PlaybackSession: Held(
        lambda person: PlaybackSession.objects.filter(
            Q(entitlement__in=_rights(person)) | Q(viewer_code__in=_codes(person))
        ),
        instead={"player_id": _blank, "browser": _blank, "device": _blank, "happened": _blank},
        stays="reference",
    ),
    ViewerCode: Held(_codes, instead={"code": _code, "visitor": _random}, stays="user"),
    Entitlement: Held(
        _rights, instead={"note": _blank, "revoked_because": _unless_by_rule}, stays="user reason reference"
    ),
    ConsoleCheck: Held(_of_user(ConsoleCheck, "checked_by"), stays="item checked_by"),
    Upload: Held(
        _of_user(Upload, "asked_by"), stays="upload_file_key file_name file_mark state asked_by trouble"
    ),
    Withdrawal: Held(
        lambda person: Withdrawal.objects.filter(
            Q(order__in=person.orders()) | Q(email__in=person.addresses)
        ),
        withheld="token_hash",
        instead={"email": _pseudonym_of_its_own, "token_hash": _unset},
        stays="reference language",
    ),
    Company: Held(_of_orders(Company, "order"), is_deleted=True),
    CouponUse: Held(
        lambda person: CouponUse.objects.filter(
            Q(order__in=person.orders()) | Q(address__in=person.addresses)
        ),
        instead={"address": _pseudonym_of_its_own, "visitor": _random},
    ),
    Refund: Held(
        _of_orders(Refund, "order"),
        instead={"note": _blank},
        stays="state currency reason rule rulebook rulebook_fingerprint asker asked_by idempotency_key"
        " refund_id intent_id charge_id failed_because",
    ),
    DisputeAnswer: Held(
        _of_orders(DisputeAnswer, "dispute__order"),
        instead={"evidence": _no_facts, "note": _blank},
        stays="kind state asked_by idempotency_key refused_because",
    ),
    DisputeTax: Held(_of_orders(DisputeTax, "dispute__order"), stays="key currency"),
    Dispute: Held(
        _of_orders(Dispute, "order"), stays="dispute_id charge_id state currency reason network_reason"
    ),
    FraudWarning: Held(_of_orders(FraudWarning, "order"), stays="warning_id charge_id fraud_type"),
    CardOnFile: Held(_of_orders(CardOnFile, "membership__order"), is_deleted=True),
    CardChange: Held(
        _of_orders(CardChange, "membership__order"),
        withheld="challenge_url",
        instead={"challenge_url": _blank},
        stays=f"{_ATTEMPT} intent_id replaces",
    ),
    RenewalPayment: Held(
        _of_orders(RenewalPayment, "renewal__membership__order"),
        withheld="challenge_url",
        instead={"challenge_url": _blank},
        stays=f"{_ATTEMPT} currency intent_id",
    ),
    UnpaidRenewal: Held(
        _of_orders(UnpaidRenewal, "membership__order"),
        withheld="token_hash",
        instead={"token_hash": _random},
        stays="state invoice_id intent_id currency decline_code",
    ),
    PriceMove: Held(_of_orders(PriceMove, "membership__order"), instead={"reason": _blank}, stays="asked_by"),
    PlanChange: Held(_of_orders(PlanChange, "order")),
    MembershipPeriod: Held(_of_orders(MembershipPeriod, "order"), stays="invoice_id"),
    Membership: Held(_of_orders(Membership, "order"), stays="state customer_id subscription_id"),
    Trial: Held(_of_orders(Trial, "order"), stays="user card_fingerprint"),
    TaxCalculation: Held(_of_orders(TaxCalculation, "payment__order"), stays="calculation_id country"),
    Consent: Held(_of_orders(Consent, "order"), stays="edition law kind language fingerprint"),
    Payment: Held(
        _of_orders(Payment, "order"),
        withheld="challenge_url",
        instead={"challenge_url": _blank},
        stays=f"{_ATTEMPT} currency intent_id charge_id",
    ),
    Order: Held(
        Person.orders,
        withheld="visitor quote_nonce",
        instead={"email": _pseudonym, "visitor": _random, "time_zone": _nowhere, "card_last4": _blank},
        stays="reference state user language currency quote_nonce intent_id card_country stated_country"
        " tax_country",
    ),
    User: Held(
        _of_user(User, "pk"),
        withheld="password",
        instead={
            **{"email": _pseudonym, "name": _blank, "password": _random},
            **{"is_active": _no, "last_login": _unset},
        },
    ),
}

# What is about no person: the texts that such a model has, each known to name nobody.
OF_NOBODY: Final[dict[str, str]] = {
    "accounts.SharedCache": "cache_key value",  # counters of wrong codes by a row's number, for minutes
    "accounts.User_groups": "user",
    "accounts.User_user_permissions": "user",
    "auth.Group": "name",
    "auth.Group_permissions": "",
    "auth.Permission": "name codename",
    "billing.BalanceTransaction": "transaction_id type category source_id intent_id source_currency currency",
    "billing.Coupon": "code",
    "billing.CouponAmount": "currency",
    "billing.CouponGuess": "key",  # a browser's number, for a day
    "billing.Coupon_offers": "",
    "billing.ErasedCustomer": "customer_id",
    "billing.Erasure": "pseudonym by",
    "billing.Heat": "key",
    "billing.LegalText": "kind body_en body_ko body_ja",
    "billing.LedgerEntry": "cause account currency",
    "billing.ReceiptCounter": "",
    "billing.Selling": "mode note",
    "billing.StripeEvent": "event_id type object_id api_version body_sha256 outcome",
    "billing.StripePrice": "stripe_id",
    "billing.TaxRate": "country",
    "contenttypes.ContentType": "app_label model",
    "socialaccount.SocialApp": "provider provider_id name client_id secret key settings",
    "socialaccount.SocialToken": "token token_secret",  # empty: a token is used once and not kept
    "videos.Channel": "key name output_protection",
    "videos.Chapter": "language title",
    "videos.Collection": "slug kind",
    "videos.CollectionItem": "",
    "videos.CollectionText": "language title description",
    "videos.KollusEvent": "kind upload_file_key told outcome",
    "videos.KollusFilm": "captions",
    "videos.KollusTurn": "",
    "videos.Offer": "kind interval",
    "videos.Price": "currency",
    "videos.Video": "slug upload_file_key media_content_key protection output_protection poster"
    " audio_languages age_rating off_sale_because trailer_key",
    "videos.VideoText": "language title tagline description",
    "videos.WatchMap": "saw played",  # how many saw each second
}
