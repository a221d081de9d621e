"""Attacks on signing in: a code that is guessed, used twice or too old, and a mailbox that is flooded."""

import hashlib
from datetime import timedelta
from functools import partial

from allauth.socialaccount.models import SocialAccount
from django.test import Client, override_settings
from django.utils import timezone

from accounts import bounce_delivery, sign_in_codes
from accounts.models import Mail, SignedIn, SignInCode, User
from accounts.sessions import SessionStore
from accounts.social import linking
from accounts.social.providers import Profile
from tests import promises
from tests.concurrency.racing import all_at_once, meeting
from tests.concurrency.stage import Stage

EMAIL = "ada@example.com"


def a_code_is_guessed(stage: Stage) -> None:
    wish, now = _asked(), timezone.now()
    code = sign_in_codes.code_of(wish.nonce)
    for _ in range(SignInCode.MOST_TRIES):
        sign_in_codes.use_code(wish, "0000 0000" if code != "0000 0000" else "1", at=now)

    promises.keep(not sign_in_codes.use_code(wish, code, at=now), "the sixth guess was heard")


def a_code_is_used_twice(stage: Stage) -> None:
    wish, now = _asked(), timezone.now()
    code = sign_in_codes.code_of(wish.nonce)
    first, second = (SignInCode.objects.get() for _ in range(2))
    sign_in_codes.use_code(first, code, at=now)

    promises.keep(not sign_in_codes.use_link(second, at=now), "it signed in a second time")


def an_old_link_is_pressed(stage: Stage) -> None:
    wish = _asked()
    is_used = sign_in_codes.use_link(wish, at=timezone.now() + timedelta(hours=2))

    promises.keep(not is_used, "an old link signed in")


def many_ask_at_once(stage: Stage) -> None:
    """Each looks how many mails went out before any of them goes."""
    ask = partial(sign_in_codes.ask, email=EMAIL, then="", language="en", at=timezone.now())

    with meeting(sign_in_codes, "_mailed", parties=8):
        all_at_once(*[ask] * 8)

    mails = Mail.objects.count()
    promises.keep(mails <= SignInCode.MAILS_AN_HOUR, f"{mails} mails in an hour")


def staff_enter_with_a_mailed_code_alone(stage: Stage) -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("cho@example.com"))

    answer = browser.get("/admin/billing/order/")

    promises.keep(answer.status_code == 302, f"the office answered {answer.status_code}")


def a_stranger_ends_a_session(stage: Stage) -> None:
    ada, bo = (User.objects.create_user(f"{name}@example.com") for name in ("ada", "bo"))
    row = SignedIn.objects.create(user=ada, session_key="k" * 32, device="Mac", signed_in_at=timezone.now())
    browser = Client()
    browser.force_login(bo)

    browser.post("/account/", {"end": row.reference})

    promises.keep(SignedIn.objects.filter(pk=row.pk).exists(), "Bo signed Ada out")


def an_address_is_only_claimed_elsewhere(stage: Stage) -> None:
    User.objects.create_user(EMAIL)

    opened = linking.owner(Profile("naver", "1", EMAIL, is_verified=False), language="en")

    promises.keep(opened is None, "it opened Ada's account")


def a_way_in_is_left_behind_in_a_cafe(stage: Stage) -> None:
    """Eve goes to Naver and leaves; Ada signs in at that browser by her own code."""
    session, eves = (
        SessionStore(),
        sign_in_codes.ask(email="eve@example.com", language="en", at=timezone.now()),
    )
    linking.wait_for_code(session, Profile("naver", "1", eves.email, is_verified=False), eves)
    ada = User.objects.create_user(EMAIL)

    linking.finish(session, _asked(), ada, language="en")

    promises.keep(not SocialAccount.objects.exists(), "Eve's Naver opens Ada's account")


REPORT = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n"


def a_stranger_reports_a_mail(stage: Stage) -> None:
    digest = hashlib.sha256(REPORT).hexdigest()

    answer = _reported(REPORT, f"sha256={digest}")

    promises.keep(answer == 400, f"the report was answered {answer}")


def a_report_is_swapped_on_its_way(stage: Stage) -> None:
    with override_settings(BOUNCE_WEBHOOK_SECRETS=["ours"]):
        answer = _reported(REPORT, bounce_delivery.sign(b"another", "ours", at=timezone.now()))

    promises.keep(answer == 400, f"the other report was answered {answer}")


def a_report_is_sent_without_end(stage: Stage) -> None:
    with override_settings(BOUNCE_WEBHOOK_SECRETS=["ours"]):
        signature = bounce_delivery.sign(REPORT, "ours", at=timezone.now())
        answers = [_reported(REPORT, signature) for _ in range(20)]

    promises.keep(429 in answers, f"all twenty were answered {answers[-1]}")


def _reported(report: bytes, signature: str) -> int:
    answer = Client().generic(
        "POST", "/webhooks/mail/", report, "message/rfc822", headers={"Matinee-Signature": signature}
    )
    return answer.status_code


def _asked() -> SignInCode:
    return sign_in_codes.ask(email=EMAIL, then="", language="en", at=timezone.now())
