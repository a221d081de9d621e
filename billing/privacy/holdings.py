"""What the database holds of people, by model: which rows, what an export leaves out, what erasing does.

A model or a text that is missing here fails `tests/privacy/test_holdings.py`, so that nobody adds a place for
names without saying what becomes of them. What is exported needs no entry: all of a row, but for `withheld`,
and of a text in `parts` the one key that is no secret.
"""

from dataclasses import dataclass, field
from typing import Final

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Model, Q

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
from billing.privacy import instead, whose
from billing.privacy.instead import Instead
from billing.privacy.persons import Person
from billing.privacy.whose import Rows
from videos.models import (
    Certificate,
    ConsoleCheck,
    Entitlement,
    OfflineCopy,
    PlaybackSession,
    StreamLease,
    TakeDown,
    Upload,
    ViewerCode,
    WatchProgress,
)


@dataclass(frozen=True)
class Held:
    """The rows of one model that are about a person.

    Erasing deletes them, or puts something else in the place of what is named in `instead`; the texts in
    `stays` name nobody, and are needed for what the law makes us keep.
    """

    rows: Rows
    withheld: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    instead: dict[str, Instead] = field(default_factory=dict)
    stays: str = ""
    is_deleted: bool = False


_ATTEMPT: Final = "state idempotency_key confirmation_token decline_code"

# In the order in which erasing goes through them: what others are found by comes last.
HELD: Final[dict[type[Model], Held]] = {
    Mail: Held(
        Person.mails,
        instead={"to": instead.unless_the_office_s, "context": instead.forgotten},
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
    Session: Held(whose.sessions, withheld="session_key session_data", is_deleted=True),
    SignedIn: Held(whose.of_user(SignedIn), withheld="session_key reference", is_deleted=True),
    EmailConfirmation: Held(
        whose.of_user(EmailConfirmation, "email_address__user"), withheld="key", is_deleted=True
    ),
    FormerAddress: Held(whose.of_user(FormerAddress), is_deleted=True),
    EmailAddress: Held(whose.of_user(EmailAddress), is_deleted=True),
    SocialAccount: Held(whose.of_user(SocialAccount), is_deleted=True),
    Authenticator: Held(whose.of_user(Authenticator), parts={"data": "name"}, is_deleted=True),
    LogEntry: Held(
        whose.trail,
        instead={"object_repr": instead.unless_a_number, "change_message": instead.blank},
        stays="object_id user",
    ),
    Pass: Held(
        lambda person: Pass.objects.filter(
            Q(reference__in=person.references()) | Q(user=person.user_id, user__isnull=False)
        ),
        withheld="visitor",
        is_deleted=True,
    ),
    Certificate: Held(whose.of_user(Certificate), is_deleted=True),
    WatchProgress: Held(
        lambda person: WatchProgress.objects.filter(viewer_code__in=whose.codes(person)), is_deleted=True
    ),
    OfflineCopy: Held(
        lambda person: OfflineCopy.objects.filter(
            Q(entitlement__in=whose.rights(person)) | Q(session__viewer_code__in=whose.codes(person))
        ),
        is_deleted=True,
    ),
    StreamLease: Held(
        lambda person: StreamLease.objects.filter(viewer_code__in=whose.codes(person)), is_deleted=True
    ),
    PlaybackSession: Held(
        whose.playback_sessions,
        instead={
            "player_id": instead.blank,
            "browser": instead.blank,
            "device": instead.blank,
            "happened": instead.blank,
        },
        stays="reference",
    ),
    ViewerCode: Held(whose.codes, instead={"code": instead.code, "visitor": instead.random}, stays="user"),
    Entitlement: Held(
        whose.rights,
        instead={"note": instead.blank, "revoked_because": instead.unless_by_rule},
        stays="user reason reference",
    ),
    ConsoleCheck: Held(whose.of_user(ConsoleCheck, "checked_by"), stays="item checked_by"),
    TakeDown: Held(whose.of_user(TakeDown, "asked_by"), stays="cause owners reason asked_by"),
    Upload: Held(
        whose.of_user(Upload, "asked_by"), stays="upload_file_key file_name file_mark state asked_by trouble"
    ),
    Withdrawal: Held(
        lambda person: Withdrawal.objects.filter(
            Q(order__in=person.orders()) | Q(email__in=person.addresses)
        ),
        withheld="token_hash",
        instead={"email": instead.pseudonym_of_its_own, "token_hash": instead.unset},
        stays="reference language",
    ),
    Company: Held(whose.of_orders(Company, "order"), is_deleted=True),
    CouponUse: Held(
        lambda person: CouponUse.objects.filter(
            Q(order__in=person.orders()) | Q(address__in=person.addresses)
        ),
        instead={"address": instead.pseudonym_of_its_own, "visitor": instead.random},
    ),
    Refund: Held(
        whose.of_orders(Refund, "order"),
        instead={"note": instead.blank},
        stays="state currency reason rule rulebook rulebook_fingerprint asker asked_by idempotency_key"
        " refund_id intent_id charge_id failed_because",
    ),
    DisputeAnswer: Held(
        whose.of_orders(DisputeAnswer, "dispute__order"),
        instead={"evidence": instead.no_facts, "note": instead.blank},
        stays="kind state asked_by idempotency_key refused_because",
    ),
    DisputeTax: Held(whose.of_orders(DisputeTax, "dispute__order"), stays="key currency"),
    Dispute: Held(
        whose.of_orders(Dispute, "order"), stays="dispute_id charge_id state currency reason network_reason"
    ),
    FraudWarning: Held(whose.of_orders(FraudWarning, "order"), stays="warning_id charge_id fraud_type"),
    CardOnFile: Held(whose.of_orders(CardOnFile, "membership__order"), is_deleted=True),
    CardChange: Held(
        whose.of_orders(CardChange, "membership__order"),
        withheld="challenge_url",
        instead={"challenge_url": instead.blank},
        stays=f"{_ATTEMPT} intent_id replaces",
    ),
    RenewalPayment: Held(
        whose.of_orders(RenewalPayment, "renewal__membership__order"),
        withheld="challenge_url",
        instead={"challenge_url": instead.blank},
        stays=f"{_ATTEMPT} currency intent_id",
    ),
    UnpaidRenewal: Held(
        whose.of_orders(UnpaidRenewal, "membership__order"),
        withheld="token_hash",
        instead={"token_hash": instead.random},
        stays="state invoice_id intent_id currency decline_code",
    ),
    PriceMove: Held(
        whose.of_orders(PriceMove, "membership__order"), instead={"reason": instead.blank}, stays="asked_by"
    ),
    PlanChange: Held(whose.of_orders(PlanChange, "order")),
    MembershipPeriod: Held(whose.of_orders(MembershipPeriod, "order"), stays="invoice_id"),
    Membership: Held(whose.of_orders(Membership, "order"), stays="state customer_id subscription_id"),
    Trial: Held(whose.of_orders(Trial, "order"), stays="user card_fingerprint"),
    TaxCalculation: Held(whose.of_orders(TaxCalculation, "payment__order"), stays="calculation_id country"),
    Consent: Held(whose.of_orders(Consent, "order"), stays="edition law kind language fingerprint"),
    Payment: Held(
        whose.of_orders(Payment, "order"),
        withheld="challenge_url",
        instead={"challenge_url": instead.blank},
        stays=f"{_ATTEMPT} currency intent_id charge_id",
    ),
    Order: Held(
        Person.orders,
        withheld="visitor quote_nonce",
        instead={
            "email": instead.pseudonym,
            "visitor": instead.random,
            "time_zone": instead.nowhere,
            "card_last4": instead.blank,
        },
        stays="reference state user language currency quote_nonce intent_id card_country stated_country"
        " tax_country",
    ),
    User: Held(
        whose.of_user(User, "pk"),
        withheld="password",
        instead={
            **{"email": instead.pseudonym, "name": instead.blank, "password": instead.random},
            **{"is_active": instead.no, "last_login": instead.unset},
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
    "videos.KollusFilm": "captions trailer_key",
    "videos.KollusTurn": "",
    "videos.Offer": "kind interval",
    "videos.Price": "currency",
    "videos.Video": "slug upload_file_key media_content_key protection output_protection poster"
    " audio_languages age_rating off_sale_because trailer_key",
    "videos.VideoText": "language title tagline description",
    "videos.WatchMap": "saw played",  # how many saw each second
}
