"""The link in a mail that opens an order's papers, for who has the mail and for a while."""

import io
from secrets import token_hex

import pytest
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import Settings

from accounts import mailing
from accounts.models import Mail, User
from billing.models import Order
from tests import office
from tests.attacks import Visitor
from tests.billing.paper_desk import before_a_seller, buy, words
from tests.refunding import give_back
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def adas(world: World, settings: Settings) -> Visitor:
    return before_a_seller(world, settings)


class TestTheLinkInTheMail:
    @pytest.fixture
    def link(self, adas: Visitor, settings: Settings) -> str:
        """Where the link in Ada's mail leads, less the shop's own address."""
        give_back(buy(adas), 100)
        context = Mail.objects.get(template="receipt").context
        address: str = context["receipt_url"]
        return address.removeprefix(settings.SITE_URL)

    def test_it_opens_the_papers_in_any_browser_and_nothing_else(
        self, adas: Visitor, world: World, link: str
    ) -> None:
        elsewhere, order = Visitor(world), Order.objects.get()

        page = elsewhere.get(link)
        told = page.content.decode()
        file = PdfReader(io.BytesIO(elsewhere.get(f"{link}receipt.pdf").content))

        assert "No. 1" in told
        assert f"{link}receipt.pdf" in told
        assert f"{link}credit-notes/1.pdf" in told
        assert f"/orders/{order.reference}" not in told
        assert "No.1" in words(file)
        assert elsewhere.get(f"{link}credit-notes/1.pdf").status_code == 200
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert elsewhere.get(f"/orders/{order.reference}/").status_code == 404
        assert elsewhere.get(f"/orders/{order.reference}/receipt/").status_code == 404

    def test_who_holds_the_order_is_sent_to_its_own_address(self, adas: Visitor, link: str) -> None:
        answer = adas.get(link)

        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/orders/{Order.objects.get().reference}/receipt/"

    def test_it_holds_nothing_personal_and_survives_a_new_key(
        self, adas: Visitor, world: World, link: str, settings: Settings
    ) -> None:
        reference = Order.objects.get().reference
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "k" * 50, [settings.SECRET_KEY]

        assert "ada" not in link.replace(reference, "")
        assert Visitor(world).get(link).status_code == 200

    def test_one_that_was_changed_opens_nothing(self, world: World, link: str) -> None:
        other = buy(Visitor(world))
        reference, _dot, signature = link.removeprefix("/receipts/").rstrip("/").partition(".")
        changed = (
            f"{other.reference}.{signature}",
            f"{reference}.{signature[:-1]}",
            reference,
            f"{reference}.",
        )

        for token in changed:
            for what in ("", "receipt.pdf", "credit-notes/1.pdf"):
                assert Visitor(world).get(f"/receipts/{token}/{what}").status_code == 404

    def test_the_mail_says_it_in_both_forms_and_in_its_language(self, adas: Visitor, world: World) -> None:
        email, quote = f"ada-{token_hex(4)}@example.com", adas.quote("noon", currency="krw")
        adas.pay(quote, email=email)
        Mail.objects.update(language="ko")
        mailing.send_waiting(at=timezone.now())

        mail = world.sandbox.mail(email)[0]

        link = Mail.objects.get().context["receipt_url"]
        assert link in mail["text"]
        assert link in mail["html"]
        assert "인쇄하거나 PDF로 보관할 영수증" in mail["html"]

    def test_the_refunds_mail_has_it_too(self, adas: Visitor, link: str) -> None:
        mail = Mail.objects.get(template="refund")

        assert mail.context["receipt_url"].endswith(link)

    def test_staff_open_them_by_it(self, adas: Visitor, link: str, cho: User) -> None:
        order = Order.objects.get()

        page = office.signed_in(cho).get(office.page(Order, "change", order.pk)).content.decode()

        assert f'{link}">Open, or send the link</a>' in page
