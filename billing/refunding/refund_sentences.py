"""What a decision says to the buyer before he asks: the amount, why that much, and what becomes of his film."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.refunding.decisions import Access, Decision
from videos import money

_ANSWERS: Final[Mapping[str, Promise]] = {
    "full": _("You get %(amount)s back, all that you paid."),
    "rest": _("You get %(amount)s back: with the %(earlier)s given back before, that is all you paid."),
    "days": _("You get %(amount)s back. Days left unused: %(left)s of %(of)s; a day that has begun counts as used."),
    "films": _("You get %(amount)s back. Films not begun: %(left)s of %(of)s."),
    "ask": _("We read what you write and answer by e-mail. Nothing changes until then."),
    "ask_disputed": _("Your bank is looking into this payment at your request, so it cannot be given back here as well. We will write to you."),
    "nothing_paid": _("You paid nothing for this, so there is nothing to give back."),
    "nothing_left": _("All that you paid has been given back already."),
    "already_given": _("What is due to you has been given back already: %(earlier)s."),
    "too_late": _("The time to ask for this money back is over."),
    "too_late_since": _("The time to ask for this money back ended on %(last_day)s."),
    "rental_started": _("This rental has been started, so it can no longer be given back."),
    "watched_too_much": _("More than %(minutes)s minutes or %(percent)s%% of this have been watched, so it can no longer be given back."),
    "watched_at_all": _("Something has been watched since this payment, so it can no longer be given back."),
    "consented": _("You asked to watch at once and knew that this ends your right to withdraw. We confirmed it by e-mail, and watching has begun."),
}  # fmt: skip

KEYS: Final = frozenset(_ANSWERS)

_CONSEQUENCES: Final[Mapping[Access, Promise]] = {
    Access.STAYS: _("You can go on watching."),
    Access.ENDS: _("You can no longer watch it then."),
    Access.ENDS_FOR_UNSTARTED: _("The films that you have begun stay yours; the others go."),
}

_RULES: Final[Mapping[str, Promise]] = {
    "nothing_paid": _("A purchase that cost nothing"),
    "nothing_left": _("A purchase that was given back"),
    "in_dispute": _("A payment disputed at the bank"),
    "kr_withdrawal": _("Withdrawal within seven days, hardly watched (Korean law)"),
    "kr_rental_not_started": _("Withdrawal within seven days, rental not started (Korean law)"),
    "kr_not_warned": _("Withdrawal within seven days, because watching was not said to end it (Korean law)"),
    "kr_unstarted_films": _("Withdrawal within seven days from the films not begun (Korean law)"),
    "kr_membership_unwatched": _("Withdrawal within seven days, nothing watched (Korean law)"),
    "kr_membership_ended": _("Ending a membership at any time, for its unused days (Korean law)"),
    "kr_not_as_described": _("Not what was shown or agreed, within three months (Korean law)"),
    "eu_withdrawal": _("Withdrawal within fourteen days (European law)"),
    "eu_membership_withdrawal": _("Withdrawal from a membership within fourteen days (European law)"),
    "eu_conformity": _("Not what was agreed, within two years (European law)"),
    "uk_cancellation": _("Cancellation within fourteen days (British law)"),
    "uk_membership_cancellation": _("Cancellation of a membership within fourteen days (British law)"),
    "uk_conformity": _("Not what was agreed, within six years (British law)"),
    "bought_twice": _("Bought twice by mistake"),
    "does_not_play": _("A film that would not play, within thirty days"),
    "hardly_watched": _("Hardly watched, within seven days"),
    "rental_not_started": _("A rental that was not started"),
    "membership_unwatched": _("Nothing watched within seven days of the payment"),
    "long_membership_ended": _("Unused days of a long membership"),
    "operator_review": _("Read by a person"),
}  # fmt: skip


def answer(decision: Decision, *, time_zone: str) -> str:
    """This will say in the active language how much is given back and why, or why nothing is.

    Dates are those of the buyer's named time zone.
    """
    return str(_ANSWERS[key(decision)]) % _words(decision, time_zone)


def consequence(decision: Decision) -> Promise:
    """This will say what becomes of the right to watch."""
    return _CONSEQUENCES[decision.access]


def rule(name: str) -> Promise:
    """This will name a rule to a person.

    :raises KeyError: no version ever had such a rule.
    """
    return _RULES[name]


def key(decision: Decision) -> str:
    """This will name the sentence that `answer` says: one of `KEYS`."""
    if decision.sentence == "too_late" and decision.until:
        return "too_late_since"
    if decision.sentence == "watched_too_much" and not decision.parameters.get("minutes"):
        return "watched_at_all"
    return decision.sentence


def _words(decision: Decision, time_zone: str) -> dict[str, str]:
    earlier = decision.parameters.get("earlier_minor", 0)
    words = {name: str(number) for name, number in decision.parameters.items()}
    words["amount"] = money.format_amount(decision.amount_minor, decision.currency)
    words["earlier"] = money.format_amount(earlier, decision.currency)
    words["last_day"] = _last_day(decision.until, time_zone) if decision.until else ""
    return words


def _last_day(until: datetime, time_zone: str) -> str:
    """The day of the last instant before `until`, which is a midnight for all but rentals."""
    last = (until - timedelta(microseconds=1)).astimezone(ZoneInfo(time_zone))
    return str(formats.date_format(last.date(), "DATE_FORMAT"))
