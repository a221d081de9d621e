"""What a buyer reads at the till about changing his mind, and what he ticks where his law asks for it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Terms:
    """One law's words for one kind of offer, in one language.

    `box` is the express wish that it begin at once together with the acknowledgement of what that ends; it is
    empty where no law asks for it. `warns` tells that the notice says what watching does to the right.
    """

    law: str
    kind: str
    language: str
    notice: str
    box: str = ""
    warns: bool = True

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the words as they are shown: the notice, then on a line of its own the box."""
        shown = f"{self.notice}\n{self.box}" if self.box else self.notice
        return hashlib.sha256(shown.encode()).hexdigest()


@dataclass(frozen=True)
class Edition:
    """All terms of a time. What buyers have read is kept by `name`: published, an edition is never edited."""

    name: str
    effective_at: datetime
    terms: tuple[Terms, ...]

    def find(self, *, law: str, kind: str, language: str) -> Terms | None:
        """This will find the words for an offer, or None where nothing is said of it."""
        wanted = (law, kind, language)
        return next((each for each in self.terms if (each.law, each.kind, each.language) == wanted), None)
