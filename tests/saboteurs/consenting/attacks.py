"""Attacks on what is agreed to at the till: a box left empty, words of another law, a record rewritten."""

from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.models import Consent, LegalText
from tests import promises
from tests.buyer import Buyer
from tests.concurrency.stage import Stage

_BERLIN = {"time_zone": "Europe/Berlin"}


def a_box_is_left_empty(stage: Stage) -> None:
    ada = stage.stranger()
    _sells_nothing(ada, ada.quote("noon", **_BERLIN), has_agreed=False)


def the_words_of_another_law_are_ticked(stage: Stage) -> None:
    """The page was opened as if in New York, where there is no box."""
    ada = stage.stranger()
    _sells_nothing(ada, ada.quote("noon", time_zone="America/New_York"), has_agreed=True)


def a_consent_is_rewritten(stage: Stage) -> None:
    ada = stage.stranger()
    ada.pay(ada.quote("noon", **_BERLIN), has_agreed=True, **_BERLIN)
    stage.world.settle()
    before = promises.everything()

    with suppress(IntegrityError), transaction.atomic():
        Consent.objects.update(fingerprint="0" * 64)

    promises.unchanged(before)


def terms_are_rewritten_after_a_sale(stage: Stage) -> None:
    """Somebody who reaches the database lets a buyer have agreed to something else."""
    words = {"kind": "terms", "number": 1, "body_en": "As it was.", "body_ko": "그때 그대로예요."}
    LegalText.objects.create(effective_at=timezone.now(), **words)
    before = promises.everything()

    with suppress(IntegrityError), transaction.atomic():
        LegalText.objects.update(body_en="Otherwise.")

    promises.unchanged(before)


def _sells_nothing(buyer: Buyer, quote: str, *, has_agreed: bool) -> None:
    before = promises.everything()

    promises.refused(buyer.pay(quote, has_agreed=has_agreed, **_BERLIN), 400, 409)
    promises.unchanged(before)
    promises.sold(buyer.world, times=0)
