"""What the law wants every page to say of who sells, from the settings."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Seller:
    """Those facts that are set, each with its label in the reader's language."""

    @property
    def key(self) -> str:
        """What a piece of a page that is kept must be kept by."""
        return "|".join(value for _label, value in self.facts)

    @property
    def is_told(self) -> bool:
        """Whether there is more to say than the name, which the page says anyway."""
        return len(self.facts) > 1

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [(label, value) for label, value in self._facts() if value]

    def _facts(self) -> Iterator[tuple[str, str]]:
        address = ", ".join(filter(None, map(str.strip, settings.SELLER_ADDRESS.split(";"))))
        yield _("Trading name"), settings.SELLER_NAME
        yield _("Represented by"), settings.SELLER_REPRESENTATIVE
        yield _("Business registration number"), settings.SELLER_REGISTRATION
        yield _("Mail-order business report"), settings.SELLER_MAIL_ORDER
        yield _("VAT number"), settings.SELLER_VAT_ID
        yield _("Address"), address
        yield _("Phone"), settings.SELLER_PHONE
        yield _("Hosting"), settings.SELLER_HOST
