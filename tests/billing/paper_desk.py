"""A seller whose papers say all of him, and papers as they can be read."""

import io

from pypdf import PdfReader
from pytest_django import Settings

from billing.models import Order
from billing.taxing import tax_table
from tests import factories
from tests.attacks import Visitor
from tests.sandbox_client import World


def before_a_seller(world: World, settings: Settings) -> Visitor:
    """Ada's browser, and "noon" on sale by a seller who says all of himself."""
    tax_table.load(tax_table.SHIPPED)
    world.configure(issuer_country="KR")
    factories.film_on_sale("noon", krw=9900)
    settings.SELLER_NAME = "Matinee Łódź 주식회사"
    settings.SELLER_ADDRESS = "1 Harbour Street; Busan"
    settings.SELLER_REGISTRATION, settings.SELLER_VAT_ID = "HRB 1", "123-45-67890"
    return Visitor(world)


def buy(visitor: Visitor) -> Order:
    made = visitor.pay(visitor.quote("noon", currency="krw")).json()
    return Order.objects.get(reference=made["order"])


def fetch(visitor: Visitor, order: Order, what: str = "receipt.pdf", prefix: str = "") -> PdfReader:
    answer = visitor.get(f"{prefix}/orders/{order.reference}/{what}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    return PdfReader(io.BytesIO(answer.content))


def words(file: PdfReader) -> str:
    """What can be selected, without the spaces: readers guess those from the gaps."""
    return squeezed(" ".join(page.extract_text() for page in file.pages))


def squeezed(text: str) -> str:
    return "".join(text.replace("\0", "").split())
