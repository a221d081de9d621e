"""What stands in the previews of the mails: one invented purchase, told in each mail's every variant."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from accounts import letters
from accounts.letters import Letter

_REFERENCE: Final = "5f2ab1c09d7e4f36a8c1e2d3b4a59687"
_TITLES: Final = {"en": "Noon, Everywhere", "ko": "어디나 정오", "ja": "世界の正午"}
_PRICES: Final = {
    "en": ("$7.90", "$3.95", "$9.90"),
    "ko": ("₩9,900", "₩4,950", "₩12,900"),
    "ja": ("¥1,200", "¥600", "¥1,500"),
}
_AGREED: Final = {
    "en": {
        "notice": "Within 7 days you get everything back, as long as you have not watched it.",
        "box": "I want to watch at once, and know that my right to withdraw ends with that.",
    },
    "ko": {
        "notice": "아직 보지 않았다면 7일 안에 전액을 돌려받을 수 있어요.",
        "box": "바로 보고 싶어요. 보기 시작하면 청약철회를 할 수 없다는 것을 알고 있어요.",
    },
    "ja": {
        "notice": "まだ視聴していなければ、7日以内に全額を返金します。",
        "box": "すぐに視聴を始めます。視聴を始めると撤回できなくなることを理解しています。",
    },
}
_NOTHING: Final = {"en": "$0.00", "ja": "¥0", "ko": "₩0"}
_SENTENCES: Final = {
    "en": ("You get $7.90 back.", "Not watched, within 7 days", "I bought the wrong film.\nSorry!"),
    "ja": ("¥1,200を返金します。", "視聴なし、7日以内", "別の作品を買ってしまいました。\n申し訳ありません。"),
    "ko": ("₩9,900을 돌려받아요.", "보지 않음, 7일 안", "다른 영화를 잘못 샀어요.\n죄송해요!"),
}

# Each mail's variants: what differs from the common facts below.
VARIANTS: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "address-changed": {"old": {"is_old": "yes"}, "new": {"is_old": ""}},
    "address-code": {"": {}},
    "address-corrected": {"": {}},
    "checkout-link": {"": {}},
    "dispute": {"": {"may_watch": ""}, "watching": {"may_watch": "yes"}},
    "dispute-ended": {"won": {"is_won": True, "may_watch": True}, "lost": {"is_won": False}},
    "dispute-office": {"": {"is_inquiry": False}, "inquiry": {"is_inquiry": True}},
    "erase-code": {"": {}},
    "film-leaves": {
        "": {"cause": "licence"},
        "left": {"has_left": True, "cause": "law", "amount_text": ""},
        "collection": {"cause": "demand", "amount_text": "", "is_part": True},
    },
    "film-stays": {"": {}},
    "fraud-warning-office": {"": {}},
    "membership-card": {"": {}},
    "membership-ended": {"": {}},
    "membership-left": {"": {}},
    "membership-price": {"": {}},
    "membership-renews": {"": {}},
    "membership-trial-ends": {"": {}},
    "membership-unpaid": {"": {}},
    "passkey": {"added": {"is_added": "yes"}, "removed": {"is_added": ""}},
    "way-in": {
        "linked": {"is_added": "yes", "provider": "google"},
        "unlinked": {"is_added": "", "provider": "naver"},
    },
    "receipt": {
        "own": {"offer": "own"},
        "rent": {"offer": "rent", "discount_text": "-1"},
        "membership": {"offer": "membership", "renews_at": "2026-08-01T21:00:00+09:00"},
        "renewal": {
            "offer": "membership",
            "is_renewal": "yes",
            "renews_at": "2026-09-01T21:00:00+09:00",
            "agreed": {},
        },
    },
    "refund": {
        "": {"ends_access": True},
        "partial": {"ends_access": False},
        "bought-twice": {"is_bought_twice": True},
        "film-left": {"has_left": True, "ends_access": True},
    },
    "refund-failed": {"": {"ends_access": False}},
    "refund-request": {"": {}},
    "rental-ends": {"": {}},
    "sign-in": {"": {}},
    "trial-begun": {"": {"renews_at": "2026-07-08T21:00:00+09:00"}},
    "withdrawal": {"": {}},
    "withdrawal-link": {"": {}},
}


@dataclass(frozen=True)
class Sample:
    """One variant of one mail; `variant` is empty where there is but one, or it is the usual one."""

    template: str
    variant: str

    @property
    def name(self) -> str:
        return f"{self.template}.{self.variant}" if self.variant else self.template

    def write(self, language: str) -> Letter:
        """This will write it, as it would go out in that language."""
        facts = _facts(language) | VARIANTS[self.template][self.variant]
        if facts["discount_text"]:
            facts["discount_text"] = _PRICES[language][1]
        if self.template == "trial-begun":
            facts["total_text"] = _NOTHING[language]
        return letters.write(self.template, language=language, context=facts)


def every() -> list[Sample]:
    """This will list all mails that the shop can send, by name."""
    return [Sample(template, variant) for template, variants in VARIANTS.items() for variant in variants]


def find(name: str) -> Sample | None:
    return next((sample for sample in every() if sample.name == name), None)


def _facts(language: str) -> dict[str, Any]:
    prefix = settings.SITE_URL + ("" if language == settings.LANGUAGE_CODE else f"/{language}")
    price, half, new = _PRICES[language]
    sentence, rule, words = _SENTENCES[language]
    withdraw = {"given_at": "2026-07-01 21:00 (Asia/Seoul)", "withdraw_url": f"{prefix}/withdraw/"}
    return {
        "reference": _REFERENCE,
        "nonce": "0" * 32,
        "title": _TITLES[language],
        "email": "ada@example.com",
        "name": "Chrome · Mac",
        "masked": "a…@example.com",
        "total_text": price,
        "amount_text": price,
        "price_text": price,
        "old_text": half,
        "new_text": new,
        "discount_text": "",
        "interval": "month",
        "card_text": "Visa •••• 4242",
        "paid_at": "2026-07-01T21:00:00+09:00",
        "ends_at": "2026-07-08T21:00:00+09:00",
        "until": "2026-07-03 21:00 (Asia/Seoul)",
        "received_at": "2026-07-01 21:00 (Asia/Seoul)",
        "due": "2026-07-15 12:00 UTC",
        "reason": "product_not_received",
        "fraud_type": "made_with_stolen_card",
        "sentence": sentence,
        "rule": rule,
        "source": "ECA 17(1)",
        "words": words,
        "seller": settings.SELLER_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "agreed": _AGREED[language] | withdraw | {"edition": "2026-01-01"},
        "poster": "",
        "watch_url": f"{prefix}/videos/noon-everywhere/",
        "page_url": f"{prefix}/videos/noon-everywhere/",
        "checkout_url": f"{prefix}/checkout/videos/noon-everywhere/",
        "order_url": f"{prefix}/orders/{_REFERENCE}/",
        "receipt_url": f"{prefix}/receipts/{_REFERENCE}.sample/",
        "pay_url": f"{prefix}/renewals/sample/",
        "link": f"{prefix}/withdraw/sample/",
        "office_url": f"{settings.SITE_URL}/admin/",
    }
