"""What is asked at the till: a box where the buyer's law wants one, a line elsewhere, kept as it was."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import mailing
from accounts.models import Mail
from accounts.tasks import send_mail
from billing.consenting import consents, countries, laws, terms_table
from billing.models import Consent, Order, Payment
from billing.refunding import asking, facts, rule_table
from billing.refunding.cases import Kind, Reason
from billing.refunding.rulebook import Gives
from tests import factories
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once
from tests.conftest import Shop
from videos.models import PlaybackSession

BERLIN, LONDON, SEOUL = (
    {"time_zone": f"{zone}"} for zone in ("Europe/Berlin", "Europe/London", "Asia/Seoul")
)
NEW_YORK = {"time_zone": "America/New_York"}
DECLINED = "4000000000000002"
# Published, an edition is never edited: write a new one.
PUBLISHED = {
    "2026-11": "c925f19d006a5ef8189bdcd33e76b61eef79f469197ff159ad7408755dbbc406",
    "2026-11-27": "c768fcb6cbfc5b63a23f5c30b2727ed6a04c0343d97065bba3ec5f79181b0ccb",
    "2026-11-27-ja": "279c2ed963e4d55b585951aed7042fdd2b41a86c1e6622472db0b72b8d7f0570",
}


class TestTheData:
    def test_every_law_speaks_of_every_film_in_every_language(self) -> None:
        said = {(each.law, each.kind, each.language) for each in terms_table.EDITIONS[-1].terms}

        languages = [code for code, _name in settings.LANGUAGES]
        wanted = {(law, kind, code) for law in laws.NAMES for kind in Kind for code in languages}
        assert said == wanted

    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_box_stands_where_a_refund_rule_rests_on_it(self, kind: Kind) -> None:
        for law, countries_of_law in (("eu", laws.EUROPE), ("uk", laws.BRITAIN), ("kr", laws.KOREA)):
            ending = [
                rule
                for rule in rule_table.VERSIONS[-1].rules
                if (rule.lost_by_consent or rule.gives is Gives.UNUSED_DAYS_IF_WANTED)
                and kind in rule.kinds
                and rule.countries == countries_of_law
            ]
            terms = terms_table.EDITIONS[-1].find(law=law, kind=kind, language="en")
            assert terms is not None
            assert bool(terms.box) == bool(ending)

    def test_one_box_serves_all_films_of_a_law(self) -> None:
        boxes = {(each.law, each.language): set[str]() for each in terms_table.EDITIONS[-1].terms}
        for each in terms_table.EDITIONS[-1].terms:
            if each.kind != "membership":
                boxes[each.law, each.language].add(each.box)

        assert all(len(each) == 1 for each in boxes.values())

    def test_the_days_of_memberships_are_the_rules_own(self) -> None:
        for law, name in (("eu", "eu_membership_withdrawal"), ("kr", "kr_membership_unwatched")):
            span = rule_table.VERSIONS[-1].rule(name).span
            terms = terms_table.EDITIONS[-1].find(law=law, kind="membership", language="en")
            assert span and terms
            assert f"within {span.days} days" in terms.notice.lower()

    def test_the_numbers_are_the_rules_own(self) -> None:
        rule = rule_table.VERSIONS[-1].rule("kr_withdrawal")
        assert rule.span and rule.most_seconds

        for law in ("kr", ""):
            terms = terms_table.EDITIONS[-1].find(law=law, kind="own", language="en")
            assert terms
            for said in (
                f"{rule.span.days} days",
                f"{rule.most_seconds // 60} minutes",
                f"{rule.most_percent}%",
            ):
                assert said in terms.notice

    def test_a_published_edition_is_never_edited(self) -> None:
        assert {each.name: _hash_of(each.terms) for each in terms_table.EDITIONS} == PUBLISHED

    def test_what_was_read_is_found_again_by_its_name(self) -> None:
        edition = terms_table.in_force(timezone.now())
        for terms in edition.terms:
            name = terms_table.name_of(edition, terms)
            assert terms_table.named(name, kind=terms.kind) == (edition, terms)
        for nonsense in ("", "2026-11", "2026-11/xx/en", "1999-01/eu/en", "2026-11/eu/fr", "//"):
            assert terms_table.named(nonsense, kind="own") is None

    @pytest.mark.parametrize(
        ("time_zone", "currency", "language", "country"),
        [
            ("Europe/Berlin", "usd", "en", "DE"),
            ("Europe/Berlin", "krw", "ko", "DE"),
            ("America/New_York", "eur", "en", ""),
            ("Asia/Seoul", "eur", "en", "KR"),
            ("UTC", "eur", "en", "DE"),
            ("Etc/GMT-1", "gbp", "en", "GB"),
            ("UTC", "usd", "ko", "KR"),
            ("", "usd", "en", ""),
        ],
    )
    def test_a_place_comes_before_a_currency_and_that_before_a_language(
        self, time_zone: str, currency: str, language: str, country: str
    ) -> None:
        assert countries.likely(time_zone=time_zone, currency=currency, language=language) == country


def _hash_of(terms: Any) -> str:
    said = "\n".join(f"{each.law}/{each.kind}/{each.language}/{each.fingerprint}" for each in terms)
    return hashlib.sha256(said.encode()).hexdigest()


@pytest.mark.django_db(transaction=True)
class TestAtTheTill:
    @pytest.fixture
    def buyer(self, shop: Shop) -> Buyer:
        film = factories.film_on_sale("noon")
        film.duration_seconds = 7200
        film.save()
        return Buyer(shop.url, shop.world)

    @pytest.mark.parametrize(
        ("where", "box"), [(BERLIN, True), (LONDON, True), (SEOUL, False), (NEW_YORK, False), ({}, False)]
    )
    def test_a_box_stands_only_where_the_law_wants_it_and_is_not_ticked(
        self, buyer: Buyer, where: dict[str, str], box: bool
    ) -> None:
        panel = _panel(buyer, **where)

        assert panel.count('type="checkbox"') == box
        assert " checked" not in panel
        assert len([each for each in terms_table.EDITIONS[-1].terms if f">{each.notice}<" in panel]) == 1

    def test_ticked_it_is_kept_with_the_order_and_confirmed_by_mail(self, buyer: Buyer) -> None:
        quote = buyer.quote("noon", **BERLIN)

        answer = buyer.pay(quote, has_agreed=True, **BERLIN).json()

        consent, order = Consent.objects.get(), Order.objects.get()
        words = consents.words(consent)
        assert answer["state"] == "paid"
        assert (consent.order, consent.edition, consent.law, consent.language) == (
            order,
            terms_table.EDITIONS[-1].name,
            "eu",
            "en",
        )
        assert (consent.wanted_at_once, consent.knew_of_loss) == (True, True)
        assert words and words.fingerprint == consent.fingerprint
        send_mail()
        mail = buyer.world.sandbox.mail(order.email)[-1]
        for form in (mail["text"], mail["html"]):
            assert words.box in form
            assert words.notice in form
            assert "You ticked this before paying, on" in form

    def test_not_ticked_nothing_is_sent_and_the_same_card_pays_after_it(self, buyer: Buyer) -> None:
        quote, token = buyer.quote("noon", **BERLIN), buyer.world.confirmation_token()

        refused = buyer.pay(quote, token=token, **BERLIN)

        assert (refused.status_code, refused.json()["code"]) == (400, "consent")
        assert not Order.objects.exists() and not Payment.objects.exists()
        assert not buyer.world.objects("payment_intent")
        assert buyer.pay(quote, token=token, has_agreed=True, **BERLIN).json()["state"] == "paid"

    def test_a_browser_cannot_choose_the_law_by_the_words_it_was_shown(self, buyer: Buyer) -> None:
        elsewhere = buyer.quote("noon", **NEW_YORK)

        refused = buyer.pay(elsewhere, has_agreed=True, **BERLIN)

        assert (refused.status_code, refused.json()["code"]) == (409, "terms_changed")
        assert not Order.objects.exists()

    def test_a_tick_where_there_is_no_box_agrees_to_nothing(self, buyer: Buyer) -> None:
        buyer.pay(buyer.quote("noon", **SEOUL), has_agreed=True, **SEOUL)

        consent = Consent.objects.get()
        assert (consent.law, consent.wanted_at_once, consent.knew_of_loss) == ("kr", False, True)

    def test_korean_words_are_kept_as_they_were_read(self, buyer: Buyer) -> None:
        panel = buyer.http.get(f"{buyer.url}/ko/checkout/videos/noon/panel/", params=SEOUL, timeout=20).text
        quote = buyer.quote("noon", **SEOUL)
        buyer.pay(quote, **SEOUL)

        words = terms_table.EDITIONS[-1].find(law="kr", kind="own", language="ko")
        assert words and words.notice in panel
        assert Consent.objects.get().language == "en"

    def test_a_second_card_and_a_second_press_are_one_consent(self, buyer: Buyer) -> None:
        quote = buyer.quote("noon", **BERLIN)
        assert buyer.pay(quote, card=DECLINED, has_agreed=True, **BERLIN).json()["state"] == "refused"
        first = Consent.objects.get()
        tabs = [Buyer(buyer.url, buyer.world) for _ in range(4)]
        for tab in tabs:
            tab.http.cookies.update(buyer.http.cookies)
        cards = [buyer.world.confirmation_token() for _ in tabs]

        all_at_once(
            *[
                lambda tab=tab, card=card: tab.pay(quote, token=card, has_agreed=True, **BERLIN)
                for tab, card in zip(tabs, cards, strict=True)
            ]
        )

        assert Order.objects.get().is_paid
        assert Consent.objects.get() == first
        assert Consent.objects.get().given_at == first.given_at

    def test_the_same_quote_again_needs_no_second_tick(self, buyer: Buyer) -> None:
        quote = buyer.quote("noon", **BERLIN)
        buyer.pay(quote, has_agreed=True, **BERLIN)

        assert buyer.pay(quote, **BERLIN).json()["state"] == "paid"

    def test_what_was_agreed_is_never_changed(self, buyer: Buyer) -> None:
        buyer.pay(buyer.quote("noon", **BERLIN), has_agreed=True, **BERLIN)

        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.update(wanted_at_once=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.get().delete()

    @pytest.mark.parametrize(
        ("where", "card", "ticked", "rule"),
        [
            (BERLIN, "DE", True, "consented"),
            (NEW_YORK, "US", False, "watched_too_much"),
            (SEOUL, "KR", False, "watched_too_much"),
        ],
    )
    def test_a_refund_rests_on_it(
        self, buyer: Buyer, where: dict[str, str], card: str, ticked: bool, rule: str
    ) -> None:
        buyer.world.configure(issuer_country=card)
        buyer.pay(buyer.quote("noon", **where), has_agreed=ticked, **where)
        send_mail()
        now = timezone.now()
        PlaybackSession.objects.update(opened_at=now - timedelta(seconds=7000), link_until=now)

        assert _prospect().decision.sentence == rule

    @pytest.mark.parametrize("card", ["DE", "US"])
    def test_without_the_mail_that_confirms_it_the_right_that_was_read_stays(
        self, buyer: Buyer, card: str
    ) -> None:
        buyer.world.configure(issuer_country=card)
        buyer.pay(buyer.quote("noon", **BERLIN), has_agreed=True, **BERLIN)
        Mail.objects.update(first_sent_at=None)
        now = timezone.now()
        PlaybackSession.objects.update(opened_at=now - timedelta(seconds=7000), link_until=now)

        decision = _prospect().decision

        assert (decision.answer, decision.rule) == ("full", "eu_withdrawal")

    def test_mailing_it_again_later_does_not_bring_a_right_back(self, buyer: Buyer) -> None:
        buyer.world.configure(issuer_country="DE")
        buyer.pay(buyer.quote("noon", **BERLIN), has_agreed=True, **BERLIN)
        send_mail()
        now = timezone.now()
        PlaybackSession.objects.update(opened_at=now - timedelta(seconds=7000), link_until=now)

        mailing.send_again(Mail.objects.get(template="receipt"), at=now + timedelta(days=1))

        assert _prospect().decision.sentence == "consented"

    def test_another_law_s_box_takes_nothing_from_a_buyer(self, buyer: Buyer) -> None:
        buyer.pay(buyer.quote("noon", **BERLIN), has_agreed=True, **BERLIN)
        Order.objects.update(card_country="GB")

        order = Order.objects.get()
        given = facts.case_of(order, reason=Reason.CHANGED_MIND, at=timezone.now()).consents

        assert (given.wanted_at_once, given.knew_of_loss, given.told_at) == (False, True, None)


def _prospect() -> asking.Prospect:
    return next(asking.prospects(Order.objects.get(), at=timezone.now()))


def _panel(buyer: Buyer, **query: str) -> str:
    return buyer.http.get(f"{buyer.url}/checkout/videos/noon/panel/", params=query, timeout=20).text
