"""The shipped tables held against themselves and each other; none here knows if a law was read right."""

import csv
import itertools
import re
from decimal import Decimal

import pytest

from billing.consenting import countries, laws, terms_table
from billing.consenting.terms import Terms
from billing.refunding import rule_table
from billing.taxing import tax_ids, tax_table
from sandbox.stripe.tax import rates as stripes

ROWS = list(csv.DictReader(tax_table.SHIPPED.read_text("utf-8").splitlines()))
PERCENT = {row["country"]: Decimal(row["percent"]) for row in ROWS}
TERMS = [(edition.name, terms) for edition in terms_table.EDITIONS for terms in edition.terms]
# Parts of France and Finland whose taxes are their own: no rate is known of them, so none is taken.
BEYOND_THE_TAX_UNION = {"AX", "GF", "GP", "MF", "MQ", "RE", "YT"}


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


class TestTheRates:
    def test_each_row_stands_once_and_in_its_place(self) -> None:
        keys = [(row["country"], row["starts_on"]) for row in ROWS]

        assert keys == sorted(set(keys))
        assert all(0 <= percent <= 27 for percent in PERCENT.values())

    def test_every_country_whose_law_we_follow_has_one(self) -> None:
        followed = laws.EUROPE | laws.KOREA | laws.BRITAIN

        assert followed - set(PERCENT) == BEYOND_THE_TAX_UNION
        assert set(PERCENT) >= tax_ids.UNION

    def test_every_country_that_a_zone_names_has_one(self) -> None:
        named = {countries.likely(time_zone=zone, currency="", language="") for zone in countries.ZONES}

        assert named - set(PERCENT) <= BEYOND_THE_TAX_UNION

    def test_stripes_stand_in_says_the_same_where_both_know_a_country(self) -> None:
        in_the_sandbox = {**stripes._VAT, **stripes._GST, "JP": "10"}
        both = set(in_the_sandbox) & set(PERCENT)

        assert len(both) > 35
        assert {each: PERCENT[each] for each in both} == {
            each: Decimal(in_the_sandbox[each]) for each in both
        }


class TestTheLaws:
    def test_a_country_has_one(self) -> None:
        sets = (laws.EUROPE, laws.KOREA, laws.BRITAIN)

        assert not any(one & other for one, other in itertools.combinations(sets, 2))
        assert laws.EUROPE > tax_ids.UNION

    def test_every_guess_leads_to_one_that_we_know(self) -> None:
        guesses = {countries.likely(time_zone=zone, currency="", language="") for zone in countries.ZONES}

        assert {laws.law_of(country) for country in guesses} == laws.NAMES - {laws.ELSEWHERE}


class TestTheWords:
    @pytest.mark.parametrize(("edition", "terms"), TERMS, ids=lambda each: getattr(each, "law", each))
    def test_they_are_whole_sentences_in_their_language(self, edition: str, terms: Terms) -> None:
        for text in filter(None, (terms.notice, terms.box)):
            assert text == " ".join(text.split())
            assert text.endswith((".", "?", "。"))
            assert not re.search(r"[{}<>%]\w", text, re.ASCII)
            assert bool(re.search("[가-힣]", text)) is (terms.language == "ko")
            assert bool(re.search("[ぁ-ん]", text)) is (terms.language == "ja")

    def test_all_languages_name_the_same_numbers(self) -> None:
        for edition in terms_table.EDITIONS:
            for english in (each for each in edition.terms if each.language == "en"):
                for code in {each.language for each in edition.terms}:
                    other = edition.find(law=english.law, kind=english.kind, language=code)
                    assert other is not None
                    assert numbers(other.notice) == numbers(english.notice)
                    assert numbers(other.box) == numbers(english.box)
                    assert other.warns is english.warns

    @pytest.mark.parametrize(
        ("law", "kind", "rules"),
        [
            ("eu", "own", ["eu_withdrawal", "hardly_watched"]),
            ("uk", "own", ["uk_cancellation", "hardly_watched"]),
            ("eu", "rent", ["eu_withdrawal"]),
            ("uk", "rent", ["uk_cancellation"]),
            ("eu", "membership", ["eu_membership_withdrawal"]),
            ("uk", "membership", ["uk_membership_cancellation"]),
            ("kr", "rent", ["kr_rental_not_started"]),
            ("kr", "membership", ["kr_membership_unwatched"]),
            ("", "membership", ["membership_unwatched"]),
        ],
    )
    def test_the_days_are_those_of_the_rules_and_no_others(
        self, law: str, kind: str, rules: list[str]
    ) -> None:
        spans = [rule_table.VERSIONS[-1].rule(name).span for name in rules]

        terms = terms_table.EDITIONS[-1].find(law=law, kind=kind, language="en")

        assert terms is not None
        assert numbers(terms.notice) == sorted(str(span.days) for span in spans if span)
        assert set(numbers(terms.box)) <= {str(span.days) for span in spans if span}

    def test_where_a_box_is_ticked_the_same_days_are_waived(self) -> None:
        for edition, terms in TERMS:
            if terms.box:
                assert set(numbers(terms.box)) == {"14"}, (edition, terms.law, terms.kind)
                assert "14" in numbers(terms.notice)

    def test_editions_follow_each_other_and_lose_nothing(self) -> None:
        for older, newer in itertools.pairwise(terms_table.EDITIONS):
            assert older.effective_at < newer.effective_at
            assert older.name != newer.name
            said = {(each.law, each.kind, each.language) for each in older.terms}
            assert said <= {(each.law, each.kind, each.language) for each in newer.terms}
