"""Signing in over HTTP as a person does: the address, then the code of the mail."""

from typing import Any

from accounts import sign_in_codes
from accounts.models import SignInCode, normalize_email
from tests.attacks import Answer, Visitor

SIGN_IN = "/account/sign-in/"


def newest_wish(email: str) -> SignInCode:
    return SignInCode.objects.filter(email=normalize_email(email)).latest("id")


def mailed_code(email: str) -> str:
    """The code that the newest mail to this address brings, made as the mail makes it."""
    return sign_in_codes.code_of(newest_wish(email).nonce)


def mailed_link(email: str) -> str:
    return f"/account/enter/{sign_in_codes.link_token(newest_wish(email).nonce)}/"


def ask(visitor: Visitor, email: str, **fields: str) -> Answer:
    return visitor.post_form(SIGN_IN, email=email, **fields)


def by_code(visitor: Visitor, email: str, **fields: Any) -> Answer:
    """Ask for a code and give it; returns the last answer."""
    ask(visitor, email, **fields)
    return visitor.post_form(SIGN_IN, code=mailed_code(email))


def is_signed_in(visitor: Visitor) -> bool:
    return "_auth_user_id" in visitor.client.session
