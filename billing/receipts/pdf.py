"""A paper as PDF: A4, selectable text, every Latin, Greek, Cyrillic, Korean and Japanese letter.

Source Sans carries the European alphabets in two weights; what it lacks comes from Noto Sans KR or JP, whose
Latin letters are Source Sans'. All are under the SIL Open Font License and come in wheels; a file holds only
the glyphs that it shows.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import font_source_sans_pro
import pylopdf_fonts_jp
import pylopdf_fonts_ko
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableCellStyle, XPos, YPos
from fpdf.fonts import FontFace
from fpdf.prefs import ViewerPreferences

from billing.receipts.papers import Line, Paper

_LATIN: Final = Path(font_source_sans_pro.__file__).parent / "files"
_MARGIN_MM: Final = 22
_FOOT_MM: Final = 24
_NAMES_MM: Final = 48
_INK: Final = (38, 32, 28)
_QUIET: Final = (93, 85, 77)
_RULE: Final = (185, 176, 164)
_EASTERN: Final = {
    "ko": ("korean", pylopdf_fonts_ko.sans_path),
    "ja": ("japanese", pylopdf_fonts_jp.sans_path),
}
_KANA_OR_HAN: Final = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")


def write(paper: Paper) -> bytes:
    """This will draw the paper, in the language that is active. The same paper gives the same file."""
    return _drawn(paper, get_language() or "en")


@lru_cache(maxsize=32)  # it takes up to half a second, however often one file is asked for
def _drawn(paper: Paper, language: str) -> bytes:
    sheet = _Sheet(paper, language)
    sheet.add_page()
    sheet.draw_head()
    sheet.draw_facts()
    sheet.draw_lines()
    sheet.draw_notes()
    return bytes(sheet.output())


class _Sheet(FPDF):
    def __init__(self, paper: Paper, language: str) -> None:
        super().__init__(format="A4")
        self._paper = paper
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(True, margin=_FOOT_MM)
        self.add_font("latin", fname=_LATIN / "SourceSansPro-Regular.ttf")
        self.add_font("latin", "B", fname=_LATIN / "SourceSansPro-Semibold.ttf")
        fonts = _beyond_latin(paper, language)  # half the time that a file takes
        for name, path in fonts:
            self.add_font(name, fname=path())
        if fonts:
            self.set_fallback_fonts([name for name, _path in fonts], exact_match=False)
        self.set_title(f"{paper.title} {paper.number}".strip())
        self.set_author(paper.seller[0])
        self.set_lang(language)
        self.set_creation_date(paper.made_at)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_draw_color(*_RULE)

    def footer(self) -> None:
        self.set_y(-_FOOT_MM + 8)
        self._style(8, ink=_QUIET)
        page = _("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        said = (self._paper.seller[0], self._paper.title, self._paper.number, page)
        self.cell(0, 4, _plain(" · ".join(filter(None, said))))

    def draw_head(self) -> None:
        half, top = self.epw / 2, self.get_y()
        self._style(26, "B")
        self._block(half, 11, self._paper.title)
        self._style(12, ink=_QUIET)
        self._block(half, 6, self._paper.number)
        bottom = self.get_y()
        self.set_y(top)
        for at, line in enumerate(self._paper.seller):
            self._style(10, "" if at else "B")
            self.set_x(self.l_margin + half)
            self._block(half, 5, line)
        self.set_y(max(bottom, self.get_y()) + 10)

    def draw_facts(self) -> None:
        for name, value in self._paper.facts:
            self._style(10, ink=_QUIET)
            self.cell(_NAMES_MM, 6, _plain(name))
            self._style(10)
            self._block(self.epw - _NAMES_MM, 6, value)
        self.ln(8)

    def draw_lines(self) -> None:
        self._style(10)
        heads = FontFace(color=_QUIET, emphasis="")
        with self.table(
            borders_layout=_Rules(self._paper.lines),
            col_widths=(self.epw - 42, 42),
            headings_style=heads,
            line_height=6,
            padding=(1.2, 0),
            text_align=("LEFT", "RIGHT"),
            v_align="TOP",
        ) as table:
            table.row((_("For"), _("Amount")))
            for line in self._paper.lines:
                style = FontFace(color=_QUIET if line.is_quiet else _INK, emphasis="B" if line.is_sum else "")
                table.row((_plain(line.label), _plain(line.amount)), style=style)

    def draw_notes(self) -> None:
        for note in self._paper.notes:
            self._style(10)
            self.ln(6)
            self._block(self.epw, 5.5, note)

    def _style(self, size: int, style: str = "", ink: tuple[int, int, int] = _INK) -> None:
        self.set_font("latin", style, size)
        self.set_text_color(*ink)

    def _render_styled_text_line(self, *args: Any, **kwargs: Any) -> Any:
        # fpdf2 2.8.9 loses track of the font that stands on the page once a line begins in the other one, and
        # draws what follows with its glyphs. So each piece of text names its own font.
        self.current_font_is_set_on_page = False
        return super()._render_styled_text_line(*args, **kwargs | {"prevent_font_change": True})

    def _block(self, width: float, height: float, text: str) -> None:
        """Text that wraps, and the pen on the line below it."""
        self.multi_cell(width, height, _plain(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


class _Rules(TableBordersLayout):
    """A rule below the heading, and one above each sum."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self._below = {0, *(at for at, line in enumerate(lines) if line.is_sum)}

    def cell_style_getter(
        self,
        row_idx: int,
        col_idx: int,
        col_pos: int,
        num_heading_rows: int,
        num_rows: int,
        num_col_idx: int,
        num_col_pos: int,
    ) -> TableCellStyle:
        return TableCellStyle(bottom=row_idx in self._below)


def _beyond_latin(paper: Paper, language: str) -> list[tuple[str, Callable[[], str | Path]]]:
    """The fonts that the paper needs beside Source Sans; its own language's draws what both can."""
    facts = [each for pair in paper.facts for each in pair]
    lines = [each for line in paper.lines for each in (line.label, line.amount)]
    texts = [paper.title, paper.number, *paper.seller, *facts, *lines, *paper.notes]
    said = unicodedata.normalize("NFC", "".join(texts))
    if all(character < "\u1100" or character in "–—‘’“”…·₩€" for character in said):
        return []
    wanted = {"ko": bool(_HANGUL.search(said)) or language != "ja", "ja": bool(_KANA_OR_HAN.search(said))}
    first = "ja" if language == "ja" else "ko"
    return [_EASTERN[code] for code in sorted(wanted, key=lambda code: code != first) if wanted[code]]


def _plain(text: str) -> str:
    """Hangul as whole syllables, as the font has it."""
    return unicodedata.normalize("NFC", text)
