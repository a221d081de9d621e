"""Passkeys without a browser: nobody is named, nonsense is refused, and the office keeps its own door."""

import json
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import passkeys, ways_in
from accounts.models import User
from tests import office, signing_in
from tests.attacks import Visitor
from tests.signing_in import SIGN_IN, is_signed_in

pytestmark = pytest.mark.django_db

PASSKEYS, ENTER = "/account/passkeys/", "/account/passkeys/sign-in/"
_ANSWER: dict[str, Any] = {
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "response": {
        **{"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "MQ"},
        "attestationObject": "oA",
    },
    "clientExtensionResults": {},
}
NONSENSE = [
    *("", "null", "[]", "{}", "1", '"x"', "{", json.dumps(_ANSWER)),
    json.dumps(_ANSWER | {"response": None}),
    json.dumps(_ANSWER | {"response": []}),
    json.dumps(_ANSWER | {"response": _ANSWER["response"] | {"userHandle": None}}),
    json.dumps(_ANSWER | {"response": _ANSWER["response"] | {"userHandle": "////"}}),
    json.dumps(_ANSWER | {"response": _ANSWER["response"] | {"authenticatorData": 1}}),
    json.dumps(_ANSWER | {"rawId": {}, "id": 5}),
]


@pytest.fixture
def browser() -> Visitor:
    visitor = Visitor()
    signing_in.by_code(visitor, "ada@example.com")
    return visitor


def _passkey(user: User, name: str = "Laptop", key: str = "AAAA") -> Authenticator:
    credential = {"id": key, "rawId": key}
    made: Authenticator = Authenticator.objects.create(
        user=user, type="webauthn", data={"name": name, "credential": credential}
    )
    return made


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_signs_nobody_in(ada: User, credential: str) -> None:
    visitor = Visitor()
    assert visitor.get(ENTER).status_code == 200

    answer = visitor.post_form(ENTER, credential=credential)

    assert answer.status_code == 200
    assert "does not open anything here" in answer.content.decode()
    assert not is_signed_in(visitor)


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_is_no_passkey(browser: Visitor, credential: str) -> None:
    browser.get(PASSKEYS)

    answer = browser.post_form(PASSKEYS, credential=credential, name="x")

    assert "was not made for this page" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_the_question_names_no_passkey_and_no_person(ada: User) -> None:
    _passkey(ada)

    asked = Visitor().get(ENTER).json()["request_options"]["publicKey"]

    assert not asked.get("allowCredentials")
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"


def test_each_question_is_another_one() -> None:
    visitor = Visitor()

    asked = [visitor.get(ENTER).json()["request_options"]["publicKey"]["challenge"] for _ in range(2)]

    assert asked[0] != asked[1]


def test_one_removes_his_own_and_no_other(browser: Visitor, bo: User) -> None:
    his, other = _passkey(User.objects.get(email="ada@example.com"), key="AAAA"), _passkey(bo, key="BBBB")

    browser.post_form(PASSKEYS, remove="BBBB")
    browser.post_form(PASSKEYS, remove="AAAA")
    browser.post_form(PASSKEYS, remove="AAAA")

    assert not Authenticator.objects.filter(pk=his.pk).exists()
    assert Authenticator.objects.get() == other


def test_ten_are_enough(browser: Visitor) -> None:
    user = User.objects.get()
    for number in range(ways_in.MOST):
        _passkey(user, key=f"key{number}")

    page = browser.get(PASSKEYS).content.decode()

    assert 'data-testid="add-passkey"' not in page
    assert len(passkeys.of(user)) == 10


def test_the_office_wants_its_own_step_beside_a_passkey(cho: User) -> None:
    """Or else who reads the mails adds a passkey, and walks in by it."""
    client = Client()
    client.force_login(cho)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "webauthn", "passwordless": True, "at": time.time()}
    ]
    session.save()
    assert client.get("/admin/").status_code == 302
    assert client.get(PASSKEYS).headers["Location"].startswith("/account/second-step/")

    assert office.signed_in(cho).get(PASSKEYS).status_code == 200


def test_a_guest_is_sent_to_sign_in() -> None:
    assert Visitor().get(PASSKEYS).headers["Location"].startswith(SIGN_IN)
