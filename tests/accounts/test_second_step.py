"""The office opens to staff after a second step, in this session, and to nobody else."""

import re
import time
from datetime import timedelta
from typing import Final

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts import second_step
from accounts.models import User
from config.demo import people
from tests import app, office, signing_in
from tests.attacks import Answer, Visitor

pytestmark = pytest.mark.django_db

STEP: Final = "/account/second-step/"
OFFICE: Final = "/admin/"
LISTS: Final = ("/admin/", "/admin/billing/order/", "/admin/accounts/user/", "/admin/videos/video/")


@pytest.fixture
def visitor(cho: User) -> Visitor:
    """Cho, signed in by the code of a mail."""
    visitor = Visitor()
    signing_in.by_code(visitor, cho.email)
    return visitor


def test_without_a_second_step_no_page_of_the_office_opens(visitor: Visitor) -> None:
    for path in LISTS:
        answer = visitor.client.get(path, follow=True)
        assert answer.redirect_chain[-1][0] == f"{STEP}?next={path}"
        assert "Set up your second step" in answer.content.decode()


def test_the_step_is_set_up_and_the_office_opens(visitor: Visitor, cho: User) -> None:
    before = visitor.client.session.session_key
    secret = _secret(visitor.get(f"{STEP}?next=/admin/billing/order/"))

    wrong = visitor.post_form(STEP, code="000000")
    shown = visitor.post_form(STEP, code=app.code(secret), next="/admin/billing/order/")

    assert "not the app" in wrong.content.decode()
    assert len(_codes(shown)) == 10
    assert 'href="/admin/billing/order/"' in shown.content.decode()
    assert visitor.get(OFFICE).status_code == 200
    assert visitor.client.session.session_key != before
    assert visitor.get(STEP).headers["Location"] == OFFICE, "the codes are not shown again"


def test_the_next_session_asks_for_the_app_s_code(visitor: Visitor, cho: User) -> None:
    secret = _secret(visitor.get(STEP))
    codes = _codes(visitor.post_form(STEP, code=app.code(secret)))
    again, third = Visitor(), Visitor()

    signing_in.by_code(again, cho.email)
    assert again.get(OFFICE).status_code == 302
    assert again.post_form(STEP, code="000000").status_code == 200
    code = app.code(secret, steps=1)
    answer = again.post_form(STEP, code=code, next=OFFICE)
    assert (answer.status_code, again.get(OFFICE).status_code) == (302, 200)

    signing_in.by_code(third, cho.email)
    third.post_form(STEP, code=code)
    assert third.get(OFFICE).status_code == 302, "a code opens once"
    third.post_form(STEP, code=codes[0])
    assert third.get(OFFICE).status_code == 200
    assert third.get("/library/").status_code == 200


def test_a_recovery_code_opens_once_and_new_ones_replace_them(visitor: Visitor, cho: User) -> None:
    codes = _codes(visitor.post_form(STEP, code=app.code(_secret(visitor.get(STEP)))))
    fresh = _codes(visitor.post_form(f"{STEP}recovery-codes/"))
    assert not set(fresh) & set(codes)

    for code, opens in ((codes[0], False), (fresh[0], True), (fresh[0], False), (fresh[1], True)):
        again = Visitor()
        signing_in.by_code(again, cho.email)
        again.post_form(STEP, code=code)
        assert (again.get(OFFICE).status_code == 200) is opens


def test_five_wrong_codes_close_the_door_for_a_while(visitor: Visitor, cho: User) -> None:
    secret = _secret(visitor.get(STEP))
    visitor.post_form(STEP, code=app.code(secret))
    again = Visitor()
    signing_in.by_code(again, cho.email)

    for number in range(5):
        again.post_form(STEP, code=f"{number:06}")
    answer = again.post_form(STEP, code=app.code(secret, steps=1))

    assert "Too many wrong codes" in answer.content.decode()
    assert again.get(OFFICE).status_code == 302


def test_the_step_is_asked_again_after_twelve_hours(visitor: Visitor, cho: User) -> None:
    visitor.post_form(STEP, code=app.code(_secret(visitor.get(STEP))))
    session = visitor.client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= second_step.LASTS.total_seconds() + 1
    session["account_authentication_methods"] = session["account_authentication_methods"]
    session.save()

    assert visitor.get(OFFICE).status_code == 302
    assert "Set up" not in visitor.get(STEP).content.decode()


def test_a_buyer_has_no_second_step_and_no_office(bo: User) -> None:
    visitor = Visitor()
    assert visitor.get(STEP).status_code == 302

    signing_in.by_code(visitor, bo.email)

    for path in (STEP, "/admin/login/"):
        assert visitor.get(path).status_code == 403
    assert visitor.post_form(f"{STEP}recovery-codes/").status_code == 403
    assert not Authenticator.objects.exists()


def test_who_is_no_staff_any_more_is_out_at_once(visitor: Visitor, cho: User) -> None:
    visitor.post_form(STEP, code=app.code(_secret(visitor.get(STEP))))
    User.objects.filter(pk=cho.pk).update(is_staff=False)

    assert visitor.get(OFFICE).status_code == 302
    assert visitor.get("/admin/login/").status_code == 403


def test_the_secret_is_kept_encrypted_and_outlives_a_change_of_key(
    visitor: Visitor, cho: User, settings: Settings
) -> None:
    secret = _secret(visitor.get(STEP))
    visitor.post_form(STEP, code=app.code(secret))
    kept = repr(list(Authenticator.objects.values()))
    assert secret.replace(" ", "") not in kept

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    again = Visitor()
    signing_in.by_code(again, cho.email)
    again.post_form(STEP, code=app.code(secret, steps=1))

    assert again.get(OFFICE).status_code == 200


def test_two_that_set_up_at_once_end_with_one(visitor: Visitor, cho: User) -> None:
    slow = Visitor()
    signing_in.by_code(slow, cho.email)
    secrets = [_secret(each.get(STEP)) for each in (visitor, slow)]
    visitor.post_form(STEP, code=app.code(secrets[0]))

    assert slow.post_form(STEP, code=app.code(secrets[1])).status_code == 200
    assert slow.get(OFFICE).status_code == 302
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_what_the_helpers_of_the_office_leave_is_what_the_step_leaves(visitor: Visitor, cho: User) -> None:
    visitor.post_form(STEP, code=app.code(_secret(visitor.get(STEP))))

    marks = office.second_step_marks(cho)
    session = visitor.client.session

    assert session["account_authentication_methods_user"] == marks["account_authentication_methods_user"]
    left, given = session["account_authentication_methods"][-1], marks["account_authentication_methods"][-1]
    assert given.items() >= {"method": left["method"]}.items()
    assert abs(left["at"] - given["at"]) < timedelta(minutes=1).total_seconds()


def test_a_lost_app_is_forgotten_by_whoever_runs_the_server(visitor: Visitor, cho: User) -> None:
    visitor.post_form(STEP, code=app.code(_secret(visitor.get(STEP))))

    call_command("forget_second_step", " Cho@Example.com ", verbosity=0)

    assert visitor.get("/library/").wsgi_request.user.is_anonymous
    again = Visitor()
    signing_in.by_code(again, cho.email)
    assert "Set up your second step" in again.get(STEP).content.decode()
    with pytest.raises(CommandError):
        call_command("forget_second_step", "bo@example.com")


def test_the_demonstration_prints_the_code_of_its_staff(capsys: pytest.CaptureFixture[str]) -> None:
    people.invite()
    people.invite()
    visitor = Visitor()
    signing_in.by_code(visitor, "cho@example.com")
    while time.time() % 30 > 28:
        time.sleep(0.2)

    call_command("staff_code")
    visitor.post_form(STEP, code=capsys.readouterr().out.strip())

    assert visitor.get(OFFICE).status_code == 200


def test_with_real_keys_nothing_prints_a_code(settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_live_1"

    with pytest.raises(CommandError, match="demonstration"):
        call_command("staff_code")


def _secret(answer: Answer) -> str:
    found = re.search(r'data-testid="secret">([A-Z2-7 ]+)<', answer.content.decode())
    assert found
    return found.group(1)


def _codes(answer: Answer) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code></li>", answer.content.decode())
