"""Signing in with Google, Kakao or Naver over HTTP, as a browser does: to the sandbox's page and back."""

import secrets
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import requests

from tests.attacks import Answer, Visitor

PROVIDERS: Final = ("google", "kakao", "naver")


def keys() -> dict[str, tuple[str, str]]:
    """New keys of a shop's own for the three, as `SIGN_IN_WITH` has them."""
    return {name: (f"sandbox-{secrets.token_hex(8)}", secrets.token_hex(8)) for name in PROVIDERS}


def known(keys: dict[str, tuple[str, str]], *, site_url: str) -> dict[str, Any]:
    """What the sandbox has to know of them."""
    return {
        name: {
            "client_id": client_id,
            "secret": secret,
            "redirect_uris": [f"{site_url}/account/with/{name}/back/"],
        }
        for name, (client_id, secret) in keys.items()
    }


def go(visitor: Visitor, provider: str, **fields: str) -> str:
    """Press the button; returns the address of the provider's page."""
    answer = visitor.post_form(f"/account/with/{provider}/", **fields)
    assert answer.status_code == 302, answer.content[:300]
    return answer.headers["Location"]


def answer(page: str, person: str = "ada", *, email: str = "", verified: bool = True, **given: str) -> str:
    """Be that person at the provider's page; returns the address that it sends the browser back to."""
    at = urlsplit(page)
    said = {"person": person, "email": email, "answer": "allow"} | ({} if verified else {"unverified": "1"})
    got = requests.post(
        f"http://127.0.0.1:{at.port}{at.path}?{at.query}",
        data=said | given,
        headers={"Host": at.netloc},
        allow_redirects=False,
        timeout=40,
    )
    assert got.status_code == 302, got.text
    return got.headers["Location"]


def arrive(visitor: Visitor, address: str) -> Answer:
    """Open the address that the provider sent the browser back to."""
    at = urlsplit(address)
    return visitor.get(f"{at.path}?{at.query}")


def sign_in(visitor: Visitor, provider: str, person: str, email: str = "", **how: Any) -> Answer:
    """All of it."""
    return arrive(visitor, answer(go(visitor, provider), person, email=email, **how))


def told(got: Answer) -> dict[str, str]:
    """What the page that follows is asked to say."""
    return {name: values[0] for name, values in parse_qs(urlsplit(got.headers["Location"]).query).items()}
