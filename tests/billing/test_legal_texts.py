"""What the shop says in its own words: editions that nobody changes, kept on orders."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import checks
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from billing.consenting import terms_table
from billing.models import LegalText, Order
from config import going_live
from tests import factories, office
from tests.attacks import Visitor, state
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

SELLER = {
    "SELLER_NAME": "Matinee Inc.",
    "SELLER_ADDRESS": "1 Harbour Street; Busan",
    "SELLER_REPRESENTATIVE": "A. Lee",
    "SELLER_REGISTRATION": "123-45-67890",
    "SELLER_MAIL_ORDER": "2026-Busan-1",
    "SELLER_PHONE": "+82 51 000 0000",
    "SELLER_HOST": "A Host",
    "SELLER_COUNTRY": "KR",
}


@pytest.fixture
def seller(settings: Settings) -> None:
    for name, value in SELLER.items():
        setattr(settings, name, value)


def edition(kind: str = "terms", number: int = 1, *, days_ago: float = 1) -> LegalText:
    words = {"body_en": f"# What\nTerms {number}.\n\nMore.", "body_ko": f"# 무엇\n약관 {number}."}
    at = timezone.now() - timedelta(days=days_ago)
    return LegalText.objects.create(kind=kind, number=number, effective_at=at, **words)


@pytest.mark.parametrize("prefix", ["", "/ko"])
def test_every_page_says_who_sells(client: Client, seller: None, prefix: str) -> None:
    labels = ("상호", "대표자", "사업자등록번호", "통신판매업신고번호", "주소", "전화", "호스팅 서비스")

    for page in ("/", "/imprint/", "/account/sign-in/", "/nothing-here/"):
        shown = client.get(prefix + page).content.decode()
        for value in ("Matinee Inc.", "1 Harbour Street, Busan", "A. Lee", "123-45-67890", "2026-Busan-1"):
            assert value in shown
        if prefix:
            assert all(label in shown for label in labels)
        for path in ("terms", "privacy", "refund-policy", "imprint"):
            assert f'href="{prefix}/{path}/"' in shown


@pytest.mark.parametrize(
    ("prefix", "labels"),
    [
        ("", ("Prices", "Paying", "When it can be watched")),
        ("/ja", ("販売価格", "お支払いの方法と時期", "提供の時期")),
    ],
)
def test_who_sells_says_how_a_sale_goes(client: Client, prefix: str, labels: tuple[str, ...]) -> None:
    """The law of Japan wants it told beside who sells."""
    shown = client.get(f"{prefix}/imprint/").content.decode()

    assert all(f"<dt>{label}</dt>" in shown for label in labels)


@pytest.mark.parametrize("kind", ["terms", "privacy"])
def test_the_edition_in_force_is_shown_and_an_earlier_one_stays(client: Client, kind: str) -> None:
    assert client.get(f"/{kind}/").status_code == 404
    edition(kind, 1, days_ago=3)
    edition(kind, 2, days_ago=1)
    edition(kind, 3, days_ago=-1)

    now, korean = client.get(f"/{kind}/").content.decode(), client.get(f"/ko/{kind}/").content.decode()
    before = client.get(f"/{kind}/1/").content.decode()

    assert "<h2>What</h2>" in now
    assert "Terms 2." in now
    assert "약관 2." in korean
    assert "Terms 1." in before
    assert "not the edition that is in force" in before
    assert client.get(f"/{kind}/9/").status_code == 404


def test_the_refund_policy_is_what_stands_at_the_till(client: Client) -> None:
    notices = [each.notice for each in terms_table.in_force(timezone.now()).terms if each.language == "ko"]

    shown = client.get("/ko/refund-policy/").content.decode()

    assert all(notice in shown for notice in notices)


def test_an_order_keeps_the_edition_that_its_page_named(world: World) -> None:
    first = edition(number=1)
    factories.film_on_sale("noon")
    visitor = Visitor(world)
    quote = visitor.quote("noon")
    second = edition(number=2, days_ago=0)

    order = visitor.pay(quote).json()["order"]

    assert Order.objects.get(reference=order).terms == first
    assert "/terms/1/" in visitor.get(f"/orders/{order}/").content.decode()
    sold = Order.objects.get(reference=order)
    assert sold.another(sold.price, total_minor=1).terms == first
    factories.film_on_sale("dusk")
    while timezone.now() < second.effective_at + timedelta(seconds=1):  # a quote counts whole seconds
        time.sleep(0.05)
    later = visitor.pay(visitor.quote("dusk")).json()["order"]
    assert Order.objects.get(reference=later).terms == second


def test_the_panel_names_the_terms(client: Client) -> None:
    factories.film_on_sale("noon")

    for prefix in ("", "/ko"):
        panel = client.get(f"{prefix}/checkout/videos/noon/panel/").content.decode()

        assert f'href="{prefix}/terms/"' in panel
        assert f'href="{prefix}/privacy/"' in panel


@pytest.mark.parametrize("act", ["update", "delete"])
def test_no_statement_changes_an_edition(act: str) -> None:
    edition()
    before = state()

    with pytest.raises(DatabaseError), transaction.atomic():
        LegalText.objects.update(
            body_en="Otherwise."
        ) if act == "update" else LegalText.objects.all().delete()

    assert state() == before


def test_the_office_adds_editions_and_changes_none(cho: User) -> None:
    browser = office.signed_in(cho)
    words = {"kind": "terms", "body_en": "Terms.", "body_ko": "약관이에요."}

    def add(at: Any) -> Any:
        times = {"effective_at_0": f"{at:%Y-%m-%d}", "effective_at_1": f"{at:%H:%M:%S}"}
        return browser.post(office.page(LegalText, "add"), words | times)

    assert "Choose now or later" in office.text(add(timezone.now() - timedelta(days=1)))
    for _ in range(2):
        assert add(timezone.now() + timedelta(days=LegalText.objects.count())).status_code == 302
    assert list(LegalText.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]
    page = office.page(LegalText, "change", LegalText.objects.latest("pk").pk)
    assert browser.post(page, words).status_code == 403
    assert browser.get(page).status_code == 200


def test_the_office_s_list_takes_no_statement_per_row(cho: User) -> None:
    browser = office.signed_in(cho)
    edition(number=1, days_ago=1)
    few = office.statements(browser, office.page(LegalText))
    for number in range(2, 9):
        edition(number=number, days_ago=number)

    assert len(office.statements(browser, office.page(LegalText))) == len(few)


def test_going_live_asks_for_what_is_missing(settings: Settings, seller: None) -> None:
    assert going_live.seller(None) == []
    settings.SELLER_MAIL_ORDER = settings.SELLER_PHONE = ""
    factories.video("noon")
    edition("privacy")

    told = [each.msg for each in checks.run_checks(include_deployment_checks=True, databases=["default"])]

    assert [each for each in told if each.startswith("SELLER")] == [
        "SELLER_PHONE is not set: a phone number of the seller (연락처).",
        "SELLER_MAIL_ORDER is not set: the number of the mail-order business report (통신판매업신고).",
    ]
    assert "No Terms of sale in force: add one in the admin under Legal texts." in told
    assert "Films in the shop without an age rating: 1." in told
    assert not any("Privacy notice" in each for each in told)
    settings.SELLER_COUNTRY = "IE"
    assert [each.msg for each in going_live.seller(None)] == [
        "SELLER_PHONE is not set: a phone number of the seller (연락처)."
    ]


def test_a_film_says_from_what_age_it_is(client: Client) -> None:
    film = factories.film_on_sale("noon")
    film.age_rating = "15+"
    film.save()

    assert "<dt>Rated</dt><dd>15+</dd>" in client.get("/videos/noon/").content.decode()
