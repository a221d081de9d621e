"""Where a try with a card stands, in the words that a page or its script shows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.models.attempts import Attempt
from billing.settling.decline_sentences import sentence as decline_sentence


@dataclass(frozen=True)
class Standing:
    """`state` is one of paid, changed, ended, challenge, asking, refused, open.

    `number` is the try that it tells of, 0 where there was none.
    """

    state: str
    sentence: str
    number: int = 0
    decline_code: str = ""
    challenge_url: str = ""

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to be tried."""
        return self.state in ("paid", "changed", "ended")

    @property
    def is_undecided(self) -> bool:
        return self.state in ("challenge", "asking")


def of_attempt(attempt: Attempt, *, given_up: str) -> Standing:
    """This will tell of a try that has not succeeded; `given_up` is said where its member turned away."""
    states = Attempt.State
    if attempt.state == states.CHALLENGED:
        words = _("Your bank wants to know that it is you.")
        return Standing("challenge", words, attempt.number, challenge_url=attempt.challenge_url)
    if attempt.state == states.REFUSED:
        words = str(decline_sentence(attempt.decline_code))
        return Standing("refused", words, attempt.number, attempt.decline_code)
    if attempt.state == states.ABANDONED:
        return Standing("open", given_up, attempt.number)
    words = _("We are asking your bank. Nothing is charged twice; this can take a minute.")
    return Standing("asking", words, attempt.number)
