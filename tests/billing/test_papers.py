"""Receipts and credit notes as PDF: they say what the page says, in letters that are in the file."""

import io
import random
from typing import Any

import pytest
from django.utils import timezone, translation
from pypdf import PdfReader
from pytest_django import Settings

from billing.models import Refund
from billing.receipts import papers, pdf
from billing.refunding import refunds
from tests import factories, promises
from tests.attacks import Visitor, without_nonces
from tests.billing.paper_desk import before_a_seller, buy, fetch, squeezed, words
from tests.refunding import give_back
from tests.sandbox_client import World
from tests.statements import counted

pytestmark = pytest.mark.django_db

A4_POINTS = (595, 841)


@pytest.fixture
def adas(world: World, settings: Settings) -> Visitor:
    return before_a_seller(world, settings)


def _root(file: PdfReader) -> Any:
    return file.trailer["/Root"]


@pytest.mark.parametrize("prefix", ["", "/ko"])
def test_the_file_says_what_the_page_says(
    adas: Visitor, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "fpdf")
    order = buy(adas)
    give_back(order, 4950)

    file = fetch(adas, order, prefix=prefix)

    with translation.override(prefix.strip("/") or "en"):
        paper = papers.receipt(order)
    said = words(file)
    page = adas.get(f"{prefix}/orders/{order.reference}/receipt/").content.decode()
    texts = [paper.title, paper.number, *paper.seller]
    texts += [each for fact in paper.facts for each in fact]
    texts += [each for line in paper.lines for each in (line.label, line.amount)]
    for text in texts:
        assert squeezed(text) in said
        assert text in page
    assert "missing" not in caplog.text  # no letter without a glyph


@pytest.mark.parametrize("address", ["", "부산 중구 1; Busan"])
def test_two_fonts_on_one_sheet_do_not_take_each_other_s_place(
    adas: Visitor, settings: Settings, address: str
) -> None:
    """Text drawn with the letters of another font is neither read nor found."""
    settings.SELLER_NAME, settings.SELLER_ADDRESS = "Matinee", address
    settings.SELLER_REGISTRATION = settings.SELLER_VAT_ID = ""
    order = buy(adas)

    said = words(fetch(adas, order, prefix="/ko"))

    assert order.reference in said
    assert "@example.com" in said
    assert "(Asia/Seoul)" in said


@pytest.mark.parametrize("seed", range(4))
def test_every_word_of_a_wild_mixture_is_drawn_with_its_own_letters(seed: int) -> None:
    """Long lines wrap in the middle of either script, in both weights, and over the page's end."""
    dice = random.Random(seed)  # noqa: S311 - it plays, it guards nothing
    stock = ["정오의", "영화", "Łódź", "Receipt", "₩9,900", "Žlu", "Δοκιμή", "12:30", "日本", "e…", "제3호"]

    def text(most: int) -> str:
        return " ".join(dice.choice(stock) for _ in range(dice.randint(1, most)))

    paper = papers.Paper(
        title=text(1),
        number=text(2),
        file_name="receipt.pdf",
        made_at=timezone.now(),
        seller=tuple(text(4) for _ in range(3)),
        facts=tuple((text(2), text(14)) for _ in range(8)),
        lines=tuple(
            papers.Line(text(25), text(1), is_sum=dice.random() < 0.5, is_quiet=dice.random() < 0.3)
            for _ in range(20)
        ),
        notes=(text(20), text(20)),
    )

    said = words(PdfReader(io.BytesIO(pdf.write(paper))))

    texts = [paper.title, paper.number, *paper.seller, *paper.notes]
    texts += [each for pair in paper.facts for each in pair]
    texts += [each for line in paper.lines for each in (line.label, line.amount)]
    shown = " ".join(texts).split()
    for word in stock:
        assert said.count(word) >= shown.count(word)


def test_a_letter_that_no_font_has_is_drawn_as_a_box(
    adas: Visitor, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "fpdf")
    settings.SELLER_NAME = "Matinee \N{CLAPPER BOARD}"

    assert "Matinee" in words(fetch(adas, buy(adas)))
    assert "missing" in caplog.text


def test_it_is_a_sheet_of_a4_with_title_language_and_page_number(adas: Visitor) -> None:
    order = buy(adas)

    english, korean, japanese = (fetch(adas, order, prefix=prefix) for prefix in ("", "/ko", "/ja"))

    assert english.metadata is not None
    assert japanese.metadata is not None
    assert japanese.metadata.title == "領収書 第1号"
    assert "1ページ中1ページ" in words(japanese)
    assert "NotoSansJP" in _families(japanese)
    assert "NotoSansJP" not in _families(korean)
    assert korean.metadata is not None
    assert english.metadata.title == "Receipt No. 1"
    assert korean.metadata.title == "영수증 제1호"
    assert [_root(file)["/Lang"] for file in (english, korean)] == ["en", "ko"]
    assert (int(english.pages[0].mediabox.width), int(english.pages[0].mediabox.height)) == A4_POINTS
    assert "Page1of1" in words(english)
    assert "1쪽중1쪽" in words(korean)


def test_every_letter_comes_with_the_file(adas: Visitor) -> None:
    file = fetch(adas, buy(adas), prefix="/ko")

    page: Any = file.pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]

    kinds = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert len(kinds) == 3
    assert all(kind.get("/FontFile2") or kind.get("/FontFile3") for kind in kinds)


def test_a_long_one_goes_on_on_a_second_page(adas: Visitor, settings: Settings) -> None:
    settings.SELLER_ADDRESS = "; ".join(f"Line {number}" for number in range(60))

    file = fetch(adas, buy(adas))

    assert len(file.pages) == 2
    assert "Page2of2" in words(file)


def test_the_same_paper_is_the_same_file(adas: Visitor) -> None:
    order = buy(adas)

    first = pdf.write(papers.receipt(order))

    pdf._drawn.cache_clear()
    assert pdf.write(papers.receipt(order)) == first
    assert pdf.write(papers.receipt(order)) is pdf.write(papers.receipt(order))  # drawn once
    give_back(order, 100)
    assert pdf.write(papers.receipt(order)) != first


def test_what_went_back_has_a_credit_note_with_a_number_of_its_own(adas: Visitor) -> None:
    first, second = buy(adas), buy(Visitor(adas.world))
    give_back(second, 1000)
    refund = give_back(first, 4950)

    said = words(fetch(adas, first, "credit-notes/2.pdf"))

    assert (refund.credit_note_number, refund.credited_at is None) == (2, False)
    for text in ("Credit note", "No. 2", "Corrects receipt", "No. 1", "-₩4,950", "-₩4,500", "-₩450"):
        assert squeezed(text) in said
    page = adas.get(f"/orders/{first.reference}/receipt/").content.decode()
    assert f"/orders/{first.reference}/credit-notes/2.pdf" in page
    assert "credit-notes/1.pdf" not in page
    promises.credit_notes_run_on()


def test_a_credit_note_stays_where_the_bank_sends_the_money_back(adas: Visitor, world: World) -> None:
    order = buy(adas)
    refund = give_back(order, 4950)
    world.fail_refund(str(refund.refund_id))
    refunds.look(refund, at=timezone.now())

    said = words(fetch(adas, order, "credit-notes/1.pdf"))

    assert refund.state == Refund.State.FAILED
    assert "nolongercounts" in said
    assert "Givenback" not in words(fetch(adas, order))
    promises.credit_notes_run_on()


def test_a_refund_without_an_answer_has_none_yet(adas: Visitor, world: World) -> None:
    order = buy(adas)
    world.faults(stripe={"fail_next": [{"call": "POST /v1/refunds", "how": "drop_before"}]})

    refund = give_back(order, 4950)

    assert refund.credit_note_number is None
    give_back(order, 4950)
    promises.credit_notes_run_on()


def test_papers_are_for_nobody_but_who_holds_the_order(adas: Visitor) -> None:
    stranger = Visitor(adas.world)
    stranger.get("/")
    paid = buy(adas)
    give_back(paid, 100)
    factories.film_on_sale("dusk", krw=9900)
    asked = adas.pay(adas.quote("dusk", currency="krw"), card="4000002760003184").json()

    for what in ("receipt.pdf", "credit-notes/1.pdf"):
        anothers = stranger.get(f"/orders/{paid.reference}/{what}")
        nobodys = stranger.get(f"/orders/{'0' * 32}/{what}")

        assert anothers.status_code == nobodys.status_code == 404
        told = without_nonces(anothers).replace(paid.reference.encode(), b"0" * 32)
        assert told == without_nonces(nobodys)
        assert adas.get(f"/orders/{paid.reference}/{what}").status_code == 200
    assert adas.get(f"/orders/{asked['order']}/receipt.pdf").status_code == 404
    assert adas.get(f"/orders/{paid.reference}/credit-notes/9.pdf").status_code == 404


def test_papers_ask_little_of_the_database(adas: Visitor) -> None:
    order = buy(adas)
    give_back(order, 100)

    for what in ("receipt.pdf", "credit-notes/1.pdf"):
        with counted() as sql:
            fetch(adas, order, what)
        assert len(sql) <= 5


def _families(file: PdfReader) -> set[str]:
    """The fonts of the first page, without their weights."""
    page: Any = file.pages[0]
    fonts = page["/Resources"]["/Font"].values()
    return {str(each.get_object()["/BaseFont"]).rpartition("+")[2].partition("-")[0] for each in fonts}
