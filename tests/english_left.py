"""Finds the English that is left in an answer of another language."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from tests.attacks import Answer

_LETTERS: Final = {"ko": re.compile("[가-힣]"), "ja": re.compile("[ぁ-んァ-ヶ]")}
_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z'’]*(?:[,;:.!?]? [A-Za-z][A-Za-z'’]*)+")
_NO_SENTENCE: Final = re.compile(r"https?://\S+|\S+@\S+")
_NO_WORDS: Final = re.compile(
    r"<script.*?</script>|<style.*?</style>|<!--.*?-->|<meta name=\"(?:viewport|color-scheme|robots)\"[^>]*>",
    re.DOTALL,
)
_TOLD: Final = re.compile(r'(?:aria-label|alt|title|placeholder|content|label|failed|data-[a-z-]+)="([^"]*)"')
_SAID: Final = re.compile(r">([^<>]+)<")


def of(answer: Answer, language: str) -> list[str]:
    """This will give each text with two English words or more, names apart. A page without a text in its own
    language is one as a whole.
    """
    if answer.headers["Content-Type"].startswith("application/json"):
        return english(list(_strings(json.loads(answer.content))))
    return of_page(answer.content.decode(), language)


def of_page(page: str, language: str) -> list[str]:
    said = texts(page)
    return english(said) if _LETTERS[language].search(" ".join(said)) else [page]


def english(said: list[str]) -> list[str]:
    return [each.strip() for each in said if _is_english(_NO_SENTENCE.sub("", each))]


def texts(page: str) -> list[str]:
    """What a page of HTML, or a part of one, says or has said by who reads it aloud."""
    bare = _NO_WORDS.sub("", page)
    return [unescape(each) for pattern in (_TOLD, _SAID) for each in pattern.findall(bare)]


def _strings(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield from texts(body) if "<" in body else [body]
    elif isinstance(body, dict | list):
        for each in body.values() if isinstance(body, dict) else body:
            yield from _strings(each)


def _is_english(text: str) -> bool:
    """Two words or more, unless each has a capital: those are a name."""
    return any(word.islower() for words in _WORDS.findall(text) for word in words.split())
