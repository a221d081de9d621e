"""The server of passthrough uploads, as far as its source is known: it is no kinder than the real one."""

import secrets
from typing import Any

import pytest
import requests

from tests.sandbox_client import Sandbox, World

GOOD = {"is_passthrough": "1", "profile_key": "acct-pc1-high", "expire_time": "600"}


@pytest.fixture
def token() -> str:
    return secrets.token_urlsafe(12)


@pytest.fixture
def account(sandbox: Sandbox, token: str) -> World:
    world = sandbox.world()
    keys = {"custom_key": secrets.token_hex(32), "security_key": "s", "api_token": token}
    world.configure(kollus=keys | {"profile_keys": ["acct-pc1-high"]})
    return world


def _ask(world: World, token: str, **form: str) -> requests.Response:
    url = f"{world.sandbox.base}/kollus-upload/api/v1/create_url"
    return requests.post(url, form, params={"access_token": token}, timeout=40)


def _post(url: str) -> int:
    return requests.post(url, files={"upload-file": ("a.mp4", b"a film")}, timeout=40).status_code


def test_an_address_ends_with_the_token_and_takes_one_file(account: World, token: str) -> None:
    told: dict[str, Any] = _ask(account, token, **GOOD).json()

    assert told["error"] == 0
    url, key = told["result"]["upload_url"], told["result"]["upload_file_key"]
    assert url.endswith(f"/UploadMultiParts/KUS_{key}/{key}/acct-pc1-high/non_enc/none/{token}")
    assert told["result"]["will_be_expired_at"].endswith(" +0000 UTC")
    others = [f"{url}x", url.replace("/non_enc/", "/enc/"), url.rpartition("/acct-")[0]]
    assert {_post(other) for other in others} == {404}
    assert (_post(url), _post(url)) == (200, 404)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"profile_key": ""}, "profile key does not exist"),
        ({"profile_key": "foreign"}, "profile key does not match"),
        ({"is_passthrough": "0"}, "profile key does not exist"),
        ({"expire_time": "21601"}, "expire_time"),
        ({"speed": "9"}, "Unknown parameter"),
        ({"token": "a-wrong-one"}, "profile key does not match"),
    ],
)
def test_it_refuses_in_a_shape_of_its_own(
    account: World, token: str, wrong: dict[str, str], words: str
) -> None:
    token = wrong.pop("token", token)

    refused = _ask(account, token, **GOOD | wrong)

    assert refused.status_code == 400
    assert refused.json()["error"] == "1"
    assert words in refused.json()["message:"]


def test_an_account_has_no_profile_unless_it_is_given_one(account: World, token: str) -> None:
    account.configure(kollus={"profile_keys": []})

    assert _ask(account, token, **GOOD).status_code == 400
