"""What has a title in several languages."""

from collections.abc import Iterable
from typing import Protocol

from django.conf import settings
from django.utils.translation import get_language


class Text(Protocol):
    """A row that says it in one language."""

    @property
    def language(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def description(self) -> str: ...


class Translated:
    """Reads the text of the page's language, else the shop's, else any; from rows already fetched."""

    _texts: list[Text] | None = None

    def keep_texts(self, texts: Iterable[Text]) -> None:
        """Read from these rows, which were fetched in another way than by a prefetch."""
        self._texts = list(texts)

    def text_in(self, language: str | None = None) -> Text | None:
        texts: list[Text] = self._texts if self._texts is not None else list(self.texts.all())  # type: ignore[attr-defined]
        rows = {text.language: text for text in texts}
        wanted = (language or get_language() or "")[:2]
        return rows.get(wanted) or rows.get(settings.LANGUAGE_CODE) or next(iter(texts), None)

    @property
    def title(self) -> str:
        text = self.text_in()
        return text.title if text else self.slug  # type: ignore[attr-defined]
