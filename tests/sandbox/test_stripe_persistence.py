"""What happened survives the end of the process."""

import smtplib
from email.message import EmailMessage
from pathlib import Path

import requests

from tests.sandbox.billing_stage import DAY, Club
from tests.sandbox.stripe_stage import CHALLENGED, Buyer, challenge_url
from tests.sandbox_client import start_sandbox

KEY = "sk_test_sandbox_kept"


def test_a_second_run_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    first = start_sandbox(tmp_path)
    buyer = Buyer(first.world(KEY))
    paid = buyer.pay(key="order-1")
    token = buyer.world.confirmation_token()
    buyer.world.faults(webhooks={"drop": 2})
    buyer.world.shift_clock("stripe", 100)
    open_intent = buyer.pay(CHALLENGED)
    _send_mail(first.smtp_port)
    first.stop()

    second = start_sandbox(tmp_path, port=first.port)
    try:
        again = Buyer(second.world(KEY))

        assert again.stripe.refunds.create({"payment_intent": paid.id}).status == "succeeded"
        assert again.pay(confirmation_token=token).status == "succeeded"
        again.world.challenge(challenge_url(open_intent), passed=True)
        assert again.intent(open_intent.id).status == "succeeded"
        assert again.world.faults()["webhooks"]["drop"] == 2
        assert [mail["subject"] for mail in second.mail("ada@")] == ["Ihr Film · 영화"]
        second.world("sk_test_sandbox_other")
        again.stripe.payment_intents.list()
    finally:
        second.stop()


def test_a_membership_and_a_dispute_live_on_in_a_second_run(tmp_path: Path) -> None:
    first = start_sandbox(tmp_path)
    club = Club(Buyer(first.world(KEY)))
    clock = club.clock()
    member = club.member(club.price(), clock=clock)
    dispute = club.world.dispute(club.world.objects("charge")[0]["id"])
    first.stop()

    second = start_sandbox(tmp_path)
    try:
        again = Club(Buyer(second.world(KEY)))
        again.world.age(clock.id, 29 * DAY)
        again.world.win_dispute(dispute["id"])

        assert len(again.stripe.invoices.list({"subscription": member.id, "status": "paid"})) == 2
        assert again.stripe.disputes.retrieve(dispute["id"]).status == "won"
    finally:
        second.stop()


def test_it_starts_with_pages_that_answer(tmp_path: Path) -> None:
    running = start_sandbox()
    try:
        buyer = Buyer(running.world(KEY))
        buyer.pay()
        _send_mail(running.smtp_port)

        pages = [
            requests.get(f"{running.base}{path}", timeout=40) for path in ("/", "/mail/", "/mail.json?to=ada")
        ]

        assert [page.status_code for page in pages] == [200, 200, 200]
        assert "payment_intent" in pages[0].text
        assert "Ihr Film" in pages[1].text
    finally:
        running.stop()


def test_a_token_may_begin_like_an_option() -> None:
    running = start_sandbox(token="-a-b")
    try:
        assert running.mail() == []
    finally:
        running.stop()


def _send_mail(port: int) -> None:
    mail = EmailMessage()
    mail["To"], mail["From"], mail["Subject"] = "ada@example.com", "shop@example.com", "Ihr Film · 영화"
    mail.set_content("Watch here: http://localhost/")
    mail.add_alternative("<p>Watch <a href='http://localhost/'>here</a></p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(mail)
