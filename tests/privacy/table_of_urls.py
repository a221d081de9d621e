"""Every address of the shop, and who may see what stands there. One that is missing here fails a test."""

from collections.abc import Iterator
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from tests.privacy.adas_things import CERTIFICATE, INTENT, RENEW, WITHDRAW, Things

# The same for everybody. Where it needs one, an example.
PUBLIC: Final[dict[str, str]] = {
    "healthz": "healthz",
    "^media/(?P<path>.+)$": "media/noon.png",
    "": "",
    "videos/<slug:slug>/": "videos/noon/",
    "collections/<slug:slug>/": "collections/course/",
    "player-messages/": "player-messages/",
    "player-parts/": "player-parts/",
    "^checkout/(?P<kind>videos|collections)/(?P<slug>[-\\w]+)/$": "checkout/videos/noon/",
    "^checkout/(?P<kind>videos|collections)/(?P<slug>[-\\w]+)/panel/$": "checkout/videos/noon/panel/",
    "checkout/return/": "checkout/return/",
    "withdraw/": "withdraw/",
    **{each: each for each in ("imprint/", "terms/", "privacy/", "refund-policy/")},
    "terms/<int:number>/": "terms/1/",
    "privacy/<int:number>/": "privacy/1/",
    "account/sign-in/": "account/sign-in/",
    "account/passkeys/sign-in/": "account/passkeys/sign-in/",
    "account/with/<str:provider>/": "account/with/google/",
    "account/with/<str:provider>/back/": "account/with/google/back/",
    "account/sign-out/": "account/sign-out/",
    "api/v1/schema/": "api/v1/schema/",
    "api/v1/address-hints/": "api/v1/address-hints/",
    "api/v1/orders/": "api/v1/orders/",
    "api/v1/playback/": "api/v1/playback/",
    "api/v1/playback/copies/": "api/v1/playback/copies/",
    "api/v1/playback/preview/<slug:slug>/": "api/v1/playback/preview/noon/",
    "api/v1/playback/following/<slug:slug>/": "api/v1/playback/following/noon/",
    "api/v1/checkout-links/": "api/v1/checkout-links/",
}
# Everybody's own: the page is there for all, and shows each what is his.
EACH_HIS_OWN: Final = {each: each for each in ("library/", "orders/", "account/devices/")}
SIGNED_IN: Final[dict[str, str]] = {
    each: each
    for each in (
        *("account/", "account/address/", "account/erase/", "account/passkeys/"),
        "account/with/",
        *("account/your-data/", "account/your-data/archive/"),
    )
}
# Behind the mailed link, a viewing's name that only its page and player know, or a certificate's code:
# whoever has it may do this one thing, and a guessed one is no link.
LINK: Final[dict[str, str]] = {
    "account/enter/<str:token>/": "account/enter/{things.enter}/",
    "receipts/<str:token>/": "receipts/{things.receipt}/",
    "receipts/<str:token>/receipt.pdf": "receipts/{things.receipt}/receipt.pdf",
    "receipts/<str:token>/credit-notes/<int:number>.pdf": "receipts/{things.receipt}/credit-notes/1.pdf",
    "renewals/<str:token>/": "renewals/{renew}/",
    "withdraw/<str:token>/": "withdraw/{withdraw}/",
    "certificates/<str:code>/": f"certificates/{CERTIFICATE}/",
    "api/v1/playback/<str:reference>/beat/": "api/v1/playback/{things.session}/beat/",
    "api/v1/playback/<str:reference>/leave/": "api/v1/playback/{things.session}/leave/",
    "api/v1/renewals/<str:token>/payments/": "api/v1/renewals/{renew}/payments/",
    "api/v1/renewals/<str:token>/payments/<int:number>/": "api/v1/renewals/{renew}/payments/1/",
    "api/v1/renewals/<str:token>/payments/<int:number>/another-card/": (
        "api/v1/renewals/{renew}/payments/1/another-card/"
    ),
}
# Whoever bought it, and for all others it does not exist.
OWNER: Final[dict[str, str]] = {
    "collections/<slug:slug>/certificate/": "collections/course/certificate/",
    "videos/<slug:slug>/copies/": "videos/noon/copies/",
    "checkout/return/order/": "checkout/return/order/?payment_intent={intent}",
    "orders/<str:reference>/": "orders/{things.order}/",
    "orders/<str:reference>/receipt/": "orders/{things.order}/receipt/",
    "orders/<str:reference>/receipt.pdf": "orders/{things.order}/receipt.pdf",
    "orders/<str:reference>/company/": "orders/{things.order}/company/",
    "orders/<str:reference>/credit-notes/<int:number>.pdf": "orders/{things.order}/credit-notes/1.pdf",
    "orders/<str:reference>/refund/": "orders/{things.order}/refund/",
    "orders/<str:reference>/address/": "orders/{things.order}/address/",
    "orders/<str:reference>/membership/": "orders/{things.member}/membership/",
    "orders/<str:reference>/plan/": "orders/{things.member}/plan/",
    "orders/<str:reference>/card/": "orders/{things.member}/card/",
    "orders/<str:reference>/renewal/": "orders/{things.member}/renewal/",
    "api/v1/orders/<str:reference>/": "api/v1/orders/{things.order}/",
    "api/v1/orders/<str:reference>/another-card/": "api/v1/orders/{things.order}/another-card/",
    "api/v1/orders/<str:reference>/refunds/": "api/v1/orders/{things.order}/refunds/",
    "api/v1/orders/<str:reference>/plan-changes/": "api/v1/orders/{things.member}/plan-changes/",
    "api/v1/orders/<str:reference>/card/changes/": "api/v1/orders/{things.member}/card/changes/",
    "api/v1/orders/<str:reference>/card/changes/<int:number>/": (
        "api/v1/orders/{things.member}/card/changes/1/"
    ),
    "api/v1/orders/<str:reference>/card/changes/<int:number>/another-card/": (
        "api/v1/orders/{things.member}/card/changes/1/another-card/"
    ),
    "api/v1/orders/<str:reference>/renewal/payments/": "api/v1/orders/{things.member}/renewal/payments/",
    "api/v1/orders/<str:reference>/renewal/payments/<int:number>/": (
        "api/v1/orders/{things.member}/renewal/payments/1/"
    ),
    "api/v1/orders/<str:reference>/renewal/payments/<int:number>/another-card/": (
        "api/v1/orders/{things.member}/renewal/payments/1/another-card/"
    ),
    "api/v1/playback/<str:reference>/link/": "api/v1/playback/{things.session}/link/",
    "api/v1/playback/<str:reference>/errors/": "api/v1/playback/{things.session}/errors/",
    "api/v1/playback/<str:reference>/start/": "api/v1/playback/{things.session}/start/",
}
# Behind the sign-in for staff; what is in the admin is walked by itself.
STAFF: Final = {
    "account/second-step/": "account/second-step/",
    "account/second-step/recovery-codes/": "account/second-step/recovery-codes/",
}
# For the providers' servers and players, who show a signature or a secret.
PROVIDERS: Final[dict[str, str]] = {
    "webhooks/stripe/": "webhooks/stripe/",
    "webhooks/mail/": "webhooks/mail/",
    **{
        f"callbacks/kollus/<str:secret>/{kind}/": f"callbacks/kollus/guessed/{kind}/"
        for kind in ("play", "download", "lms", "upload", "transcoding", "update", "channel")
    },
}
ALL: Final = (PUBLIC, EACH_HIS_OWN, SIGNED_IN, LINK, OWNER, STAFF, PROVIDERS)


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """This will give each route that the resolver knows, the admin's apart, without the language."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            yield before + str(each.pattern), each
        elif isinstance(each.pattern, LocalePrefixPattern):
            yield from routes(each, before)
        elif each.app_name != "admin":
            yield from routes(each, before + str(each.pattern))


def filled(address: str, things: Things) -> str:
    """This will put Ada's own names into an address of the tables."""
    names: dict[str, Any] = {
        "{things.order}": things.order.reference,
        "{things.member}": things.member.reference,
        "{things.session}": things.session.reference,
        "{things.enter}": things.enter,
        "{things.receipt}": things.receipt,
        "{renew}": RENEW,
        "{withdraw}": WITHDRAW,
        "{intent}": INTENT,
    }
    for name, value in names.items():
        address = address.replace(name, value)
    return address
