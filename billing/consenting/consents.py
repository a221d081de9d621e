"""Takes what a buyer agrees to at the till: checked before the order is written, kept with it."""

from dataclasses import dataclass
from datetime import datetime

from billing.consenting import terms_table
from billing.consenting.terms import Edition, Terms
from billing.models import Consent, Order


class ConsentMissing(Exception):
    """The buyer's law wants a box ticked that was not. Nothing was written."""


class TermsChanged(Exception):
    """The buyer's law wants words that were not on his page. Nothing was written."""


@dataclass(frozen=True)
class Agreed:
    """The words that were shown, and whether the box with them was ticked."""

    edition: Edition
    terms: Terms
    is_ticked: bool


def check(
    shown: str, *, is_ticked: bool, kind: str, time_zone: str, currency: str, language: str
) -> Agreed | None:
    """This will tell what the buyer agrees to by paying now; None where his page said nothing.

    `shown` is the name that the quote carries, under our signature: which law has a say is found anew from
    the buyer's own facts, and where it asks for a box, that law's words must have been shown and ticked.

    :raises TermsChanged, ConsentMissing: see each.
    """
    found = terms_table.named(shown, kind=kind)
    law = terms_table.law_at(time_zone=time_zone, currency=currency, language=language)
    if _asks_for_box(law, kind=kind, found=found):
        if found is None or found[1].law != law:
            raise TermsChanged
        if not is_ticked:
            raise ConsentMissing
    return Agreed(*found, is_ticked=is_ticked and bool(found[1].box)) if found else None


def keep(order: Order, agreed: Agreed, *, at: datetime) -> None:
    """This will write down what was agreed to. A second call changes nothing: the first words count."""
    Consent.objects.bulk_create(
        [
            Consent(
                order=order,
                edition=agreed.edition.name,
                law=agreed.terms.law,
                kind=agreed.terms.kind,
                language=agreed.terms.language,
                fingerprint=agreed.terms.fingerprint,
                wanted_at_once=agreed.is_ticked,
                knew_of_loss=agreed.is_ticked or agreed.terms.warns,
                given_at=at,
            )
        ],
        ignore_conflicts=True,
    )


def words(consent: Consent) -> Terms | None:
    """This will find the words of a consent again; None where the table does not hold them as they were."""
    found = terms_table.named(str(consent), kind=consent.kind)
    return found[1] if found and found[1].fingerprint == consent.fingerprint else None


def _asks_for_box(law: str, *, kind: str, found: tuple[Edition, Terms] | None) -> bool:
    """In the edition that the page showed, or else in the newest."""
    edition = found[0] if found else terms_table.EDITIONS[-1]
    return any(each.box for each in edition.terms if (each.law, each.kind) == (law, kind))
