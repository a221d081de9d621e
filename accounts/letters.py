"""Writes a mail from its one template: the subject is the page's title, the plain text is read off the page.

So neither form can say what the other leaves out.
"""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def write(template: str, *, language: str, context: dict[str, Any]) -> Letter:
    """This will write the mail of that name in that language. The subject is one line, whatever is in it."""
    shop = {"shop_name": settings.SHOP_NAME, "site_url": settings.SITE_URL}
    with translation.override(language):
        html = render_to_string(f"emails/{template}.html", shop | context)
    page = _Page()
    page.feed(html)
    page.close()
    return Letter(subject=" ".join(page.title.split()), text=page.text(), html=html)


class _Page(HTMLParser):
    """Reads a mail's page aloud: a block is a paragraph, a row a line, and an address stands on its own line
    below the words that link to it.
    """

    _PARAGRAPHS = frozenset({"p", "h1", "div", "table"})
    _LINES = frozenset({"tr", "br"})
    _SILENT = frozenset({"head", "style"})

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self._open: list[str] = []
        self._said: list[str] = []
        self._line = self._words_of_link = self._address = ""
        self._addresses: list[str] = []
        self._wants_gap = self._keeps_lines = False

    def text(self) -> str:
        self._end_line(is_paragraph=True)
        return "\n".join(self._said) + "\n"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in {"title", *self._SILENT}:
            self._open.append(tag)
        elif tag in self._PARAGRAPHS | self._LINES:
            self._end_line(is_paragraph=tag in self._PARAGRAPHS)
            self._keeps_lines = "data-lines" in given
        elif tag == "td" and self._line.strip():
            self._line += ": "
        elif tag == "a":
            self._address, self._words_of_link = given.get("href") or "", ""

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)
        elif tag in self._PARAGRAPHS | self._LINES:
            self._end_line(is_paragraph=tag in self._PARAGRAPHS)
        elif tag == "a":
            self._end_link()

    def handle_data(self, data: str) -> None:
        if "title" in self._open:
            self.title += data
        elif not self._open:
            self._line += data if self._keeps_lines else data.replace("\n", " ")
            self._words_of_link += data

    def _end_link(self) -> None:
        words = self._words_of_link.strip()
        if self._address and self._address != words:
            self._addresses.append(self._address)
            if words and self._line.strip() == words:  # a button, or the like
                self._line = f"{words}:"
        self._address = ""

    def _end_line(self, *, is_paragraph: bool) -> None:
        lines = [" ".join(line.split()) for line in self._line.strip().splitlines()] + self._addresses
        if any(lines):
            self._said += ["", *lines] if self._wants_gap and self._said else lines
            self._wants_gap = False
        self._wants_gap |= is_paragraph
        self._line, self._addresses, self._keeps_lines = "", [], False
