"""Attacks on what a buyer keeps on paper."""

from functools import partial

from django.utils import timezone

from billing.models import Company, Order
from billing.receipts import companies
from tests import promises
from tests.concurrency.racing import overtaken
from tests.concurrency.stage import Stage


def two_companies_are_named_at_once(stage: Stage) -> None:
    """The second wording comes while the first is about to be written."""
    order = Order.objects.get(reference=stage.stranger().buy("noon")["order"])
    given = {"address": "1 Street", "country": "IE", "tax_id": ""}
    name = [
        partial(companies.name, order, company=who, at=timezone.now(), **given) for who in ("Acme", "Emca")
    ]

    overtaken(*name, owner=Company.objects, name="create")

    numbers = sorted(Company.objects.values_list("number", flat=True))
    promises.keep(numbers == [1, 2], f"wordings are numbered {numbers}")


def a_receipts_link_is_made_up(stage: Stage) -> None:
    """Whoever learns an order's number puts it into the address that the mail has."""
    reference = stage.stranger().buy("noon")["order"]
    bo = stage.stranger()

    for what in ("", "receipt.pdf"):
        answer = bo.http.get(f"{bo.url}/receipts/{reference}.{'A' * 43}/{what}", timeout=20)
        promises.refused(answer, 404)
