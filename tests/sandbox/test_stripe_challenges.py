"""3-D Secure: what the bank's page decides, and what it can no longer decide."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import stripe

from tests.sandbox.stripe_stage import CHALLENGED, RETURN_URL, Buyer, challenge_url, error_of


def test_the_way_back_names_the_intent_and_keeps_the_shops_query(buyer: Buyer) -> None:
    intent = buyer.pay(CHALLENGED)

    back = urlsplit(buyer.world.challenge(challenge_url(intent), passed=True))

    query = {
        "kept": ["1"],
        "payment_intent": [intent.id],
        "payment_intent_client_secret": [intent.client_secret],
    }
    assert f"{back.scheme}://{back.netloc}{back.path}" == RETURN_URL.partition("?")[0]
    assert parse_qs(back.query) == query


def test_failing_sends_the_intent_back_for_another_card(buyer: Buyer) -> None:
    intent = buyer.pay(CHALLENGED)

    buyer.world.challenge(challenge_url(intent), passed=False)

    failed = buyer.intent(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"
    assert buyer.confirm(intent.id).status == "succeeded"


def test_a_challenge_is_decided_once(buyer: Buyer) -> None:
    intent = buyer.pay(CHALLENGED)
    url = challenge_url(intent)
    buyer.world.challenge(url, passed=True)

    buyer.world.challenge(url, passed=False)

    assert buyer.intent(intent.id).status == "succeeded"
    assert len(buyer.world.objects("charge")) == 1


def test_confirming_with_another_card_voids_the_open_challenge(buyer: Buyer) -> None:
    intent = buyer.pay(CHALLENGED)
    old = challenge_url(intent)
    again = buyer.confirm(intent.id, CHALLENGED)

    buyer.world.challenge(old, passed=True)

    assert challenge_url(again) != old
    assert buyer.intent(intent.id).status == "requires_action"
    buyer.world.challenge(challenge_url(again), passed=True)
    assert buyer.intent(intent.id).status == "succeeded"


def test_a_canceled_intent_cannot_be_paid_by_its_challenge(buyer: Buyer) -> None:
    intent = buyer.pay(CHALLENGED)
    buyer.stripe.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})

    buyer.world.challenge(challenge_url(intent), passed=True)

    canceled = buyer.intent(intent.id)
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    assert buyer.world.objects("charge") == []


def test_confirming_what_is_paid_is_refused_with_the_intent(buyer: Buyer) -> None:
    intent = buyer.pay()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        buyer.confirm(intent.id)

    assert refusal.value.code == "payment_intent_unexpected_state"
    assert error_of(refusal).payment_intent.status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="status of succeeded"):
        buyer.stripe.payment_intents.cancel(intent.id)


@pytest.mark.parametrize(
    ("mode", "status"), [("immediate_pass", "succeeded"), ("immediate_fail", "requires_payment_method")]
)
def test_the_page_can_decide_by_itself(buyer: Buyer, mode: str, status: str) -> None:
    intent = buyer.pay(CHALLENGED)
    buyer.world.faults(three_ds={"mode": mode})

    answer = _open(buyer, challenge_url(intent))

    assert answer.status_code == 303
    assert buyer.intent(intent.id).status == status


@pytest.mark.parametrize(
    ("mode", "buttons", "target"),
    [("buttons", 2, "_self"), ("slow", 2, "_self"), ("never", 0, ""), ("top_navigation", 2, "_top")],
)
def test_the_page_has_the_buttons_of_its_mode(buyer: Buyer, mode: str, buttons: int, target: str) -> None:
    intent = buyer.pay(CHALLENGED)
    buyer.world.faults(three_ds={"mode": mode})

    page = _open(buyer, challenge_url(intent)).text

    assert page.count('data-testid="test-source-') == buttons
    assert (f'target="{target}"' in page) == bool(target)


def test_stripe_js_acts_unless_the_request_says_otherwise(buyer: Buyer) -> None:
    by_token = buyer.pay(CHALLENGED, use_stripe_sdk=None)
    by_server = buyer.pay(CHALLENGED)

    assert by_token.next_action.type == "use_stripe_sdk"
    assert by_server.next_action.type == "redirect_to_url"


def _open(buyer: Buyer, url: str) -> requests.Response:
    host = {"Host": urlsplit(url).netloc}
    return requests.get(
        buyer.world.sandbox.base + urlsplit(url).path, headers=host, allow_redirects=False, timeout=40
    )
