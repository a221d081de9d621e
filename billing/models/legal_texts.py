"""What the shop tells its buyers in its own words: terms of sale and privacy notice, in numbered editions."""

from datetime import datetime
from typing import Final, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_SHOP_S_OWN: Final = "en"


class LegalTextQuerySet(models.QuerySet["LegalText"]):
    def in_force(self, kind: str, *, at: datetime) -> Self:
        """The edition that counts at that instant, or none before the first."""
        return self.filter(kind=kind, effective_at__lte=at).order_by("-effective_at")[:1]


class LegalText(models.Model):
    """One edition, in English and Korean, and in Japanese where somebody wrote it.

    Buyers agreed to it: a trigger refuses to change or delete it.
    """

    class Kind(models.TextChoices):
        TERMS = "terms", _("Terms of sale")
        PRIVACY = "privacy", _("Privacy notice")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(_("edition"))
    effective_at = models.DateTimeField(_("in force from"))
    body_en = models.TextField(_("in English"), help_text=_("A line that begins with # is a heading."))
    body_ko = models.TextField(_("in Korean"), help_text=_("A line that begins with # is a heading."))

    # None in older editions: for a default SQLite would copy the table, and leave its triggers behind.
    body_ja = models.TextField(  # noqa: DJ001
        _("in Japanese"), blank=True, null=True, help_text=_("Left empty, the English words stand there.")
    )

    objects = LegalTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="legal_texts_are_numbered"),
            models.UniqueConstraint(fields=["kind", "effective_at"], name="one_legal_text_in_force"),
            models.CheckConstraint(
                condition=~Q(body_en="") & ~Q(body_ko=""), name="legal_text_is_in_both_languages"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def blocks(self) -> list[tuple[bool, str]]:
        """The text in the reader's language, paragraph by paragraph; True before a heading."""
        body: str = getattr(self, f"body_{get_language() or _SHOP_S_OWN}", "") or self.body_en
        parts = [part.strip() for part in body.replace("\r\n", "\n").split("\n\n")]
        lines = [line for part in parts if part for line in _headed(part)]
        return [(line.startswith("#"), line.lstrip("# ")) for line in lines]


def _headed(part: str) -> list[str]:
    """A heading that has its paragraph right below it is a line of its own."""
    first, _gap, rest = part.partition("\n")
    return [first, rest] if first.startswith("#") and rest else [part]
