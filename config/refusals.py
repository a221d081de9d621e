"""Combinations of keys and addresses with which the shop will not start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

SANDBOX_SECRET_PREFIX = "sk_test_sandbox_"  # noqa: S105 (a prefix, not a secret)
SANDBOX_PUBLISHABLE_PREFIX = "pk_test_sandbox_"
STRIPE_API = "https://api.stripe.com"
STRIPE_JS = "https://js.stripe.com"


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """The settings that decide whose money moves and who is asked."""

    stripe_secret_key: str
    stripe_publishable_key: str
    stripe_api_base: str
    stripe_js_url: str
    stripe_record: str
    stripe_card_as: str
    stripe_tax_code: str | None  # None unless Stripe works out the tax
    kollus_addresses: tuple[str, ...]
    kollus_drm_keys: tuple[str, str, str]  # site id, site key, access key; all empty without Multi DRM
    allow_test_payments: bool
    sign_in_keys: Mapping[str, tuple[str, str]]  # client id and secret by provider
    sign_in_bases: tuple[str, str]  # where the sandbox plays them; empty for the real ones

    @property
    def has_sandbox_keys(self) -> bool:
        """Whether both of Stripe's keys carry the sandbox's prefix."""
        return self.stripe_secret_key.startswith(
            SANDBOX_SECRET_PREFIX
        ) and self.stripe_publishable_key.startswith(SANDBOX_PUBLISHABLE_PREFIX)


def refusals(given: ProviderSettings) -> Iterator[str]:
    """Yield one sentence for each reason not to start; none at all means that the settings fit together."""
    yield from _malformed_keys(given)
    yield from _sandbox_mixed_with_the_real_thing(given)
    if given.stripe_secret_key.startswith("sk_test_") and not given.allow_test_payments:
        yield (
            "STRIPE_SECRET_KEY is a test key, so nobody would really pay: "
            "set ALLOW_TEST_PAYMENTS=1 where that is wanted."
        )
    if given.stripe_tax_code is not None:
        yield from _no_tax_by_stripe(given.stripe_tax_code, given.stripe_card_as)
    yield from _no_licences(*given.kollus_drm_keys)
    yield from _no_signing_in(given)
    if given.stripe_record and not given.has_sandbox_keys:
        yield "STRIPE_RECORD writes down whole exchanges and works with the sandbox's keys only: unset it."


def is_local(url: str) -> bool:
    """Whether the address leads to this machine, as every address of the sandbox does."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")


def _no_signing_in(given: ProviderSettings) -> Iterator[str]:
    for name, keys in given.sign_in_keys.items():
        if not all(keys):
            both = f"{name.upper()}_CLIENT_ID and {name.upper()}_CLIENT_SECRET"
            yield f"{both} belong together: set both or none."
    bases = [base for base in given.sign_in_bases if base]
    if len(bases) == 1:
        yield "SIGN_IN_PAGE_BASE and SIGN_IN_API_BASE belong together: set both or none."
    if bases and not (given.has_sandbox_keys and all(is_local(base) for base in bases)):
        yield "SIGN_IN_PAGE_BASE and SIGN_IN_API_BASE lead to a sandbox, and need its keys: unset them."


def _no_tax_by_stripe(code: str, card_as: str) -> Iterator[str]:
    if not code.startswith("txcd_"):
        yield "TAX_BY=stripe needs STRIPE_TAX_CODE, Stripe's product tax code of what you sell: txcd_…"
    if card_as != "confirmation_token":
        yield "TAX_BY=stripe reads where the buyer is from a ConfirmationToken: unset STRIPE_CARD_AS."


def _no_licences(site_id: str, site_key: str, access_key: str) -> Iterator[str]:
    if not any((site_id, site_key, access_key)):
        return
    if not all((site_id, site_key, access_key)):
        yield (
            "Multi DRM needs all three of KOLLUS_DRM_SITE_ID, KOLLUS_DRM_SITE_KEY and KOLLUS_DRM_ACCESS_KEY, "
            "or none of them."
        )
    elif len(site_id) != 4 or len(site_key.encode()) != 32:
        yield (
            "KOLLUS_DRM_SITE_ID has 4 letters and KOLLUS_DRM_SITE_KEY 32: "
            "copy them from the licence server's console."
        )


def _malformed_keys(given: ProviderSettings) -> Iterator[str]:
    if not given.stripe_secret_key.startswith(("sk_live_", "sk_test_", "rk_live_", "rk_test_")):
        yield "STRIPE_SECRET_KEY must begin with sk_live_ or sk_test_ (or rk_… for a restricted key)."
    if not given.stripe_publishable_key.startswith(("pk_live_", "pk_test_")):
        yield "STRIPE_PUBLISHABLE_KEY must begin with pk_live_ or pk_test_."
    if ("_live_" in given.stripe_secret_key) != ("_live_" in given.stripe_publishable_key):
        yield "STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY must both be live keys or both be test keys."


def _sandbox_mixed_with_the_real_thing(given: ProviderSettings) -> Iterator[str]:
    stripe_is_real = given.stripe_api_base == STRIPE_API and given.stripe_js_url.startswith(f"{STRIPE_JS}/")
    addresses = (given.stripe_api_base, given.stripe_js_url, *given.kollus_addresses)
    leads_to_sandbox = not stripe_is_real or any(is_local(address) for address in addresses)
    if leads_to_sandbox and not given.has_sandbox_keys:
        yield (
            "STRIPE_API_BASE, STRIPE_JS_URL or a KOLLUS_ address leads to a sandbox, which is refused "
            "unless the keys of Stripe begin with sk_test_sandbox_ and pk_test_sandbox_."
        )
    if given.has_sandbox_keys and not (is_local(given.stripe_api_base) and is_local(given.stripe_js_url)):
        yield "The sandbox's keys work with the sandbox only: point STRIPE_API_BASE and STRIPE_JS_URL at it."
