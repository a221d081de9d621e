"""What banks said of payments by Stripe's lists of a span, held against what is noted here."""

from collections.abc import Iterator
from datetime import datetime

from billing.books.balance import in_batches
from billing.disputing import dispute_outcomes, fraud_warnings
from billing.models import Dispute, FraudWarning
from billing.reconciling.differences import Difference, mended
from billing.stripe import stripe_disputes, stripe_warnings
from billing.stripe.stripe_disputes import Disputed
from videos import money


def disputes(start: datetime, end: datetime, *, fix_at: datetime | None) -> Iterator[Difference]:
    """This will hold the disputes that Stripe knows against those noted here, and note what is news."""
    for opened in in_batches(stripe_disputes.between(start, end)):
        rows = Dispute.objects.filter(dispute_id__in=[each.id for each in opened])
        noted = {dispute.dispute_id: dispute for dispute in rows}
        for each in opened:
            dispute = noted.get(each.id)
            if dispute is None or dispute.state != each.state:
                yield _untold(dispute, each, fix_at=fix_at)


def _untold(dispute: Dispute | None, told: Disputed, *, fix_at: datetime | None) -> Difference:
    here = f"{dispute.state} here and {told.state} at Stripe" if dispute else "not noted here"
    amount = money.format_amount(told.amount_minor, told.currency)
    what = f"Dispute {told.id} over {amount} of payment {told.intent_id} is {here}."
    if fix_at is None:
        return Difference(what, "Note it with --fix.")
    said = dispute_outcomes.hear(told, at=fix_at)
    if said != told.state:
        return Difference(what, f"It cannot be noted ({said}): look it up in Stripe's dashboard.")
    return Difference(what, "It is noted now, with what follows for the film.", is_repaired=True)


def warnings(start: datetime, end: datetime, *, fix_at: datetime | None) -> Iterator[Difference]:
    """This will find the warnings of fraud that are not noted here, and note them."""
    for given in in_batches(stripe_warnings.between(start, end)):
        rows = FraudWarning.objects.filter(warning_id__in=[each.id for each in given])
        noted = dict(rows.values_list("warning_id", "is_actionable"))
        for each in (one for one in given if noted.get(one.id) != one.is_actionable):
            what = (
                f"Warning of fraud {each.id} about payment {each.intent_id} is not noted as it is at Stripe."
            )
            said = "" if fix_at is None else fraud_warnings.hear(each, at=fix_at)
            if said == "not an order of ours":
                yield Difference(what, f"It cannot be noted ({said}): look it up in Stripe's dashboard.")
            else:
                yield mended(what, "Note it with --fix.", "It is noted now.", is_done=bool(said))
