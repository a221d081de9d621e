"""Attacks on mails and addresses: told twice, changed by a stranger, proved by a guess."""

from contextlib import suppress

from django.test import Client
from django.utils import timezone

from accounts import proving, sign_in_codes
from accounts.models import SignInCode, User
from billing.addressing import corrections
from billing.models import Order
from billing.owning import ownership
from billing.receipts import mailed_links
from tests import promises
from tests.concurrency.stage import Stage


def an_address_is_changed_that_was_proved_meanwhile(stage: Stage) -> None:
    """Who paid has the page open while the address's owner signs in."""
    order = _bought(stage)
    ownership.claim(proving.prove(order.email), visitor="")

    with suppress(corrections.TooLate):
        corrections.correct(order, email="eve@example.com", at=timezone.now())

    order.refresh_from_db()
    promises.keep(order.email != "eve@example.com", "another's mail went to Eve")


def the_wrong_addressee_reads_on(stage: Stage) -> None:
    order = _bought(stage)
    link = mailed_links.link_to(order)
    corrections.correct(order, email="ada@gmail.com", at=timezone.now())

    answer = stage.stranger().http.get(link, timeout=20)

    promises.keep(answer.status_code == 404, f"the receipt answered {answer.status_code}")


def _bought(stage: Stage) -> Order:
    buyer = stage.stranger()
    buyer.pay(buyer.quote(stage.film.slug))
    return Order.objects.get()


def a_thief_of_the_old_mailbox_stays_signed_in(stage: Stage) -> None:
    ada = User.objects.create_user("ada@example.com")
    owner, thief = Client(), Client()
    for browser in (owner, thief):
        browser.force_login(User.objects.get(pk=ada.pk))
    owner.post("/account/address/", {"email": "ada@gmail.com"})
    code = sign_in_codes.code_of(SignInCode.objects.get().nonce)

    owner.post("/account/address/", {"code": code})

    promises.keep(owner.get("/account/").status_code == 200, "its owner was signed out")
    seen = thief.get("/account/").status_code
    promises.keep(seen == 302, f"the thief's account answered {seen}")
