"""What the three ask for and what each says of a person, in each one's own shape.

Sources: https://developers.google.com/identity/openid-connect/reference
https://developers.kakao.com/docs/latest/en/kakaologin/rest-api
https://developers.naver.com/docs/login/profile/profile.md
"""

from collections.abc import Callable

from sandbox.worlds import Json


def _google(uid: str, email: str, is_verified: bool) -> Json:
    return {"sub": uid, **({"email": email, "email_verified": is_verified} if email else {})}


def _kakao(uid: str, email: str, is_verified: bool) -> Json:
    """An id is a number there. An address that is another account's by now is verified, and not valid."""
    of = {"has_email": bool(email), "email_needs_agreement": not email}
    told = {"email": email, "is_email_valid": is_verified, "is_email_verified": True} if email else {}
    return {"id": int(uid), "connected_at": "2026-11-01T00:00:00Z", "kakao_account": of | told}


def _naver(uid: str, email: str, is_verified: bool) -> Json:
    """Whether the address was ever proved is not said."""
    told = {"email": email} if email else {}
    return {"resultcode": "00", "message": "success", "response": {"id": uid, **told}}


PROFILES: dict[str, Callable[[str, str, bool], Json]] = {
    "google": _google,
    "kakao": _kakao,
    "naver": _naver,
}
# Without these no address is told, and Google gives no profile at all.
SCOPES = {"google": {"openid", "email"}, "kakao": {"account_email"}, "naver": set[str]()}
