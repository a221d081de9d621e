"""Each page names the sources of exactly the providers that it embeds."""

import pytest
from django.test import Client
from pytest_django import Settings

from config import csp

OFFICIAL = "https://js.stripe.com/endive/stripe.js"
Policy = dict[str, list[str]]


def _policy(response: object) -> Policy:
    header = response.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    parts = [part.split() for part in header.split("; ")]
    return {name: sources for name, *sources in parts}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/ko/", "/admin/login/", "/nothing-here/"])
def test_an_ordinary_page_names_nobody_else(path: str, client: Client) -> None:
    policy = _policy(client.get(path))

    sources = {
        source for sources in policy.values() for source in sources if not source.startswith("'nonce-")
    }
    assert sources == {"'none'", "'self'", "data:"}
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/orders/", "/webhooks/stripe/"])
def test_what_is_no_page_may_do_nothing_where_it_is_opened_as_one(path: str, client: Client) -> None:
    assert _policy(client.get(path)) == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}


def test_a_page_with_a_panel_names_stripe_and_kollus(settings: Settings) -> None:
    settings.STRIPE_JS_URL = OFFICIAL
    settings.KOLLUS_PLAYER_BASE = "https://v.kr.kollus.com"

    # https://docs.stripe.com/security/guide#content-security-policy
    expected = {
        "script-src": ["https://js.stripe.com", "https://*.js.stripe.com"],
        "frame-src": [
            *("https://v.kr.kollus.com", "'self'", "https://js.stripe.com", "https://*.js.stripe.com"),
            "https://hooks.stripe.com",
        ],
        "connect-src": ["https://api.stripe.com"],
    }
    for page in ("videos:video", "videos:collection", "billing:checkout"):
        assert csp.extra_sources(page) == expected


def test_the_sandbox_takes_their_place_by_its_address_alone(settings: Settings) -> None:
    settings.STRIPE_JS_URL = "http://stripe.localhost:8001/endive/stripe.js"
    settings.KOLLUS_PLAYER_BASE = "http://kollus.localhost:8001"

    assert csp.extra_sources("videos:video") == {
        "script-src": ["http://stripe.localhost:8001"],
        "frame-src": [
            *("http://kollus.localhost:8001", "'self'", "http://stripe.localhost:8001"),
            "http://hooks.stripe.localhost:8001",
        ],
        "connect-src": ["http://stripe.localhost:8001"],
    }


@pytest.mark.parametrize("name", ["videos:library", "billing:order"])
def test_a_page_that_only_plays_does_not_name_stripe(name: str, settings: Settings) -> None:
    settings.KOLLUS_PLAYER_BASE = "https://v.kr.kollus.com"

    assert csp.extra_sources(name) == {"frame-src": ["https://v.kr.kollus.com"]}


@pytest.mark.django_db
def test_only_the_return_page_may_be_framed_and_only_by_us(client: Client) -> None:
    framed = client.get("/checkout/return/")
    other = client.get("/")

    assert _policy(framed)["frame-ancestors"] == ["'self'"]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert _policy(other)["frame-ancestors"] == ["'none'"]
    assert other.headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_the_player_gets_its_features_and_nobody_the_camera(client: Client, settings: Settings) -> None:
    settings.KOLLUS_PLAYER_BASE = "https://v.kr.kollus.com"

    header = client.get("/").headers["Permissions-Policy"]

    for feature in ("autoplay", "encrypted-media", "fullscreen", "local-network-access"):
        assert f'{feature}=(self "https://v.kr.kollus.com")' in header
    assert "camera=()" in header
