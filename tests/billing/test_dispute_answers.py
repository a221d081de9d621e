"""Staff answer a bank: with evidence from the shop's rows or by giving up, once, with who, when and why."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts import mailing
from accounts.models import User
from billing import tasks
from billing.consenting import consents
from billing.disputing import answers, evidence
from billing.models import Consent, Dispute, DisputeAnswer, Order
from tests import office
from tests.buyer import Buyer
from tests.refunding import later
from videos.models import PlaybackSession, WatchProgress

pytestmark = pytest.mark.django_db(transaction=True)

MAY = ("billing.view_dispute", "billing.submit_evidence")
SEND, CLOSE = "POST /v1/disputes/{dispute}", "POST /v1/disputes/{dispute}/close"


@pytest.fixture
def dispute(buyer: Buyer) -> Dispute:
    """Of Ada's order; she has opened the film."""
    buyer.buy("noon")
    assert buyer.watch("noon").status_code == 200
    return _disputed(buyer)


def _disputed(buyer: Buyer, **given: Any) -> Dispute:
    buyer.world.dispute(Order.objects.get().payments.get().charge_id, **given)
    buyer.world.settle()
    tasks.sweep()
    return Dispute.objects.get()


def _shown(browser: Client, dispute: Dispute, action: str = "send_evidence") -> str:
    return office.text(office.act(browser, action, dispute))


def _texts(page: str) -> dict[str, str]:
    """What stands in the form."""
    found = re.findall(r'<textarea name="(\w+)"[^>]*>\s?(.*?)</textarea>', page, re.DOTALL)
    return {name: unescape(text) for name, text in found}


def _send(browser: Client, dispute: Dispute, action: str = "send_evidence", **given: str) -> str:
    form = {"note": "She watched all of it.", "is_sure": "on", "_back_to": str(dispute.pk)}
    if action == "send_evidence":
        form |= {"access_activity_log": "Watched 40 minutes.", "uncategorized_text": "Our receipt."}
    return office.text(office.act(browser, action, dispute, **form | given))


def test_the_evidence_tells_what_the_shop_knows(dispute: Dispute, cho: User) -> None:
    mailing.send_waiting(at=timezone.now())
    session = PlaybackSession.objects.earliest("id")
    now = timezone.now()
    PlaybackSession.objects.update(player_id="player-1")
    WatchProgress.objects.create(
        viewer_code=session.viewer_code, video=session.video, watched_seconds=754, reported_at=now
    )

    page = _shown(office.signed_in(cho), dispute)

    texts = _texts(page)
    order = Order.objects.get()
    assert dispute.due_by
    assert f"Answer by: {timezone.localtime(dispute.due_by):%Y-%m-%d %H:%M}" in page
    assert "Watched 12 min 34 s of The film" in texts["access_activity_log"]
    assert f"{session.opened_at:%Y-%m-%d %H:%M} UTC: The film" in texts["access_activity_log"]
    assert re.search(r"Links to play it were open for \d+ min", texts["access_activity_log"])
    assert "player player-1" in texts["access_activity_log"]
    assert f"Order {order.reference}" in texts["uncategorized_text"]
    assert "Amount: $7.90" in texts["uncategorized_text"]
    assert re.search(r"UTC: receipt", texts["uncategorized_text"])
    assert "Hardly watched, within seven days" in texts["refund_policy_disclosure"]
    assert "Shown before payment" in texts["refund_policy_disclosure"]
    words = consents.words(Consent.objects.get())
    assert words
    assert words.notice in texts["refund_policy_disclosure"]
    assert "a film to watch online" in texts["product_description"]
    assert evidence.pack(dispute, at=now)["customer_email_address"] == order.email
    assert not DisputeAnswer.objects.exists()


def test_what_stands_in_the_form_is_what_the_bank_gets_with_who_when_and_why(
    buyer: Buyer, dispute: Dispute, cho: User
) -> None:
    page = _send(office.signed_in(cho), dispute)

    answer, told = DisputeAnswer.objects.get(), buyer.world.objects("dispute")[0]
    assert (answer.state, answer.kind, answer.asked_by, answer.note) == (
        *("delivered", "evidence", cho),
        "She watched all of it.",
    )
    assert told["status"] == "under_review"
    assert told["evidence"]["access_activity_log"] == "Watched 40 minutes."
    assert told["evidence"]["customer_email_address"] == "ada@example.com"
    assert told["metadata"] == {"answer": answer.idempotency_key}
    assert Dispute.objects.get().state == "under_review"
    assert "Evidence: With the bank" in page
    entry = LogEntry.objects.get(object_id=str(dispute.pk))
    assert (entry.user, entry.change_message) == (cho, "Evidence: She watched all of it.")
    story = office.text(office.signed_in(cho).get(office.page(Order, "change", dispute.order_id)))
    assert "The bank is answered: Evidence" in story
    assert "cho@example.com · She watched all of it." in story


def test_evidence_is_sent_once(buyer: Buyer, dispute: Dispute, cho: User) -> None:
    browser = office.signed_in(cho)
    _send(browser, dispute)

    assert "has none yet" in _send(browser, dispute)
    assert "has none yet" in _send(browser, dispute, "accept")

    assert DisputeAnswer.objects.count() == 1
    assert buyer.world.objects("dispute")[0]["evidence_details"]["submission_count"] == 1


@pytest.mark.parametrize("missing", ["note", "is_sure"])
@pytest.mark.parametrize("action", ["send_evidence", "accept"])
def test_a_reason_and_a_tick_are_needed(dispute: Dispute, cho: User, action: str, missing: str) -> None:
    assert "errorlist" in _send(office.signed_in(cho), dispute, action, **{missing: ""})

    assert not DisputeAnswer.objects.exists()


def test_accepting_loses_and_closes_the_film(buyer: Buyer, dispute: Dispute, cho: User) -> None:
    _send(office.signed_in(cho), dispute, "accept")

    answer = DisputeAnswer.objects.get()
    assert (answer.kind, answer.state, answer.evidence) == ("acceptance", "delivered", {})
    assert Dispute.objects.get().state == "lost"
    assert buyer.watch("noon").status_code == 404


def test_an_inquiry_is_answered_but_not_given_up(buyer: Buyer, cho: User) -> None:
    buyer.buy("noon")
    dispute, browser = _disputed(buyer, inquiry=True), office.signed_in(cho)

    assert "has none yet" in _send(browser, dispute, "accept")
    _send(browser, dispute)

    assert Dispute.objects.get().state == "warning_under_review"


def test_it_takes_the_permission(dispute: Dispute, bo: User) -> None:
    viewer = office.signed_in(bo, "billing.view_dispute")
    page = office.text(viewer.get(office.page(Dispute, "change", dispute.pk)))
    assert "Send evidence…" not in page
    for action in ("send_evidence", "accept"):
        _send(viewer, dispute, action)
    assert not DisputeAnswer.objects.exists()

    allowed = office.signed_in(bo, *MAY)
    page = office.text(allowed.get(office.page(Dispute, "change", dispute.pk)))
    assert "Send evidence…" in page
    _send(allowed, dispute)
    assert DisputeAnswer.objects.get().asked_by == bo


def test_after_the_day_nothing_is_sent(dispute: Dispute, cho: User) -> None:
    Dispute.objects.update(due_by=timezone.now() - timedelta(seconds=1))

    assert "has none yet" in _send(office.signed_in(cho), dispute)

    assert not DisputeAnswer.objects.exists()


@pytest.mark.parametrize(("action", "call"), [("send_evidence", SEND), ("accept", CLOSE)])
@pytest.mark.parametrize("how", ["drop_after", "drop_before", "429"])
def test_a_lost_word_is_found_out_and_sent_once(
    buyer: Buyer, dispute: Dispute, cho: User, action: str, call: str, how: str
) -> None:
    buyer.world.faults(
        stripe={"fail_next": [{"call": call, "times": 1, "how": how}]}, webhooks={"pause": True}
    )
    assert "Asked, no answer yet" in _send(office.signed_in(cho), dispute, action)
    assert DisputeAnswer.objects.get().state == "sent"

    answers.sweep(at=later(90))

    answer, told = DisputeAnswer.objects.get(), buyer.world.objects("dispute")[0]
    assert answer.state == "delivered"
    assert told["status"] == ("under_review" if action == "send_evidence" else "lost")
    assert DisputeAnswer.objects.count() == 1


def test_after_an_error_of_stripes_another_answer_can_be_written(
    buyer: Buyer, dispute: Dispute, cho: User
) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": SEND, "times": 1, "how": "500"}]})
    browser = office.signed_in(cho)
    _send(browser, dispute)

    answers.sweep(at=later(90))
    _send(browser, dispute)

    states = DisputeAnswer.objects.order_by("number").values_list("state", "refused_because")
    assert list(states) == [("refused", "stripe_error"), ("delivered", "")]


@pytest.mark.parametrize("action", ["send_evidence", "accept"])
def test_what_the_bank_decided_meanwhile_is_told_by_the_refusal(
    buyer: Buyer, dispute: Dispute, cho: User, action: str
) -> None:
    buyer.world.faults(webhooks={"pause": True})
    buyer.world.win_dispute(dispute.dispute_id)

    assert "Refused by Stripe" in _send(office.signed_in(cho), dispute, action)

    assert DisputeAnswer.objects.get().state == "refused"
    assert Dispute.objects.get().state == "won"


def test_the_sweep_waits_while_stripe_is_silent(buyer: Buyer, dispute: Dispute, cho: User) -> None:
    buyer.world.faults(
        stripe={
            "fail_next": [
                {"call": SEND, "times": 1, "how": "drop_before"},
                {"call": "GET /v1/disputes/{dispute}", "times": 1, "how": "503"},
            ]
        }
    )
    _send(office.signed_in(cho), dispute)

    assert answers.sweep(at=later(90)) == 0
    assert answers.sweep(at=later(180)) == 1


def test_much_of_it_is_cut_to_what_stripe_takes(dispute: Dispute) -> None:
    session = PlaybackSession.objects.earliest("id")
    for number in range(200):
        PlaybackSession.objects.create(
            viewer_code=session.viewer_code,
            entitlement=session.entitlement,
            video=session.video,
            opened_at=session.opened_at + timedelta(minutes=number),
            link_until=session.link_until,
            player_id="p" * 120,
        )

    texts = evidence.pack(dispute, at=timezone.now())

    assert len(texts["access_activity_log"]) == evidence.AT_MOST - 4
    assert sum(map(len, texts.values())) < 150_000
