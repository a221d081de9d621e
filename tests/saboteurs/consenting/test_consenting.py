"""Every guard of what a buyer agrees to carries weight."""

from billing.models import Consent, LegalText
from tests.saboteurs.consenting import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import without_trigger

SABOTAGES = {
    "a law's box is ticked": Sabotage(
        guards.no_law_wants_a_word, attacks.a_box_is_left_empty, "answered 200"
    ),
    "the buyer's law is found by the shop": Sabotage(
        guards.no_law_wants_a_word, attacks.the_words_of_another_law_are_ticked, "answered 200"
    ),
    "what was agreed to is never changed": Sabotage(
        without_trigger(Consent, "consent_stays"), attacks.a_consent_is_rewritten, "rows changed: Consent"
    ),
    "terms of sale are never changed": Sabotage(
        without_trigger(LegalText, "legal_text_stays"),
        attacks.terms_are_rewritten_after_a_sale,
        "rows changed: LegalText",
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
