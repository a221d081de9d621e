"""Keeps locale/*/LC_MESSAGES/django.po and .mo in step with the texts, without GNU gettext being installed.

`python .ci/translations.py` adds missing texts to each .po, drops unused ones and compiles the .mo files;
`python .ci/translations.py --check` changes nothing and fails if anything is missing, empty or not compiled.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "accounts", "videos", "billing")
SINGULAR = {"_", "_now", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
LANGUAGES = ("ko", "ja")  # with one plural form each: another language needs its own header
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=1; plural=0;\n"
)
# Names that are the same in every language, and what is only placeholders.
SAME = {"ConfirmationToken", "Kollus DRM", "PaymentIntent", "PaymentMethod", "SetupIntent"}
SAME |= {"%(kind)s: %(state)s", "%(kind)s: %(why)s", "%(who)s, %(when)s"}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")


@dataclass(frozen=True, order=True)
class Key:
    """What a text is found by."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def in_catalogue(self) -> str:
        """How a .mo file writes it."""
        with_context = f"{self.context}\4{self.text}" if self.context else self.text
        return f"{with_context}\0{self.plural}" if self.plural else with_context


@dataclass
class Found:
    """Every text of the sources, with the files that hold it."""

    places: dict[Key, set[str]] = field(default_factory=dict)

    def add(self, key: Key, place: Path) -> None:
        self.places.setdefault(key, set()).add(str(place.relative_to(ROOT)))


def main() -> int:
    """Update, or check and say what is wrong; the number of complaints decides the exit status."""
    settings.configure(USE_I18N=True)
    django.setup()
    found = _find()
    complaints: list[str] = []
    for language in LANGUAGES:
        po = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        if "--check" not in sys.argv:
            update(po, found)
        complaints += _complaints(po, read_po(_text_of(po)), found)
    for line in complaints:
        sys.stdout.write(f"{line}\n")
    return 1 if complaints else 0


def update(po: Path, found: Found) -> None:
    """Bring the .po file in step with the sources, keeping what is translated, and compile it."""
    known = read_po(_text_of(po))
    kept = {key: known.get(key, "") for key in found.places}
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text(write_po(kept, found), "utf-8")
    po.with_suffix(".mo").write_bytes(compiled(kept))


def read_po(text: str) -> dict[Key, str]:
    """Return the translations of a .po file; a fuzzy one counts as none."""
    entries: dict[Key, str] = {}
    for block in text.split("\n\n"):
        parts = _parts(block)
        if parts.get("msgid"):
            translation = "" if "#, fuzzy" in block else parts.get("msgstr", parts.get("msgstr[0]", ""))
            key = Key(parts["msgid"], parts.get("msgid_plural", ""), parts.get("msgctxt", ""))
            entries[key] = translation
    return entries


def write_po(entries: dict[Key, str], found: Found) -> str:
    """Return the .po file with one block per text, in the order of the texts."""
    blocks = [
        "\n".join(['msgid ""', 'msgstr ""', *(_quoted(line) for line in HEADER.splitlines(keepends=True))])
    ]
    for key, translation in sorted(entries.items()):
        lines = [f"#: {place}" for place in sorted(found.places.get(key, ()))]
        lines += [f"msgctxt {_quoted(key.context)}"] if key.context else []
        lines += [f"msgid {_quoted(key.text)}"]
        lines += [f"msgid_plural {_quoted(key.plural)}"] if key.plural else []
        lines += [f"msgstr{'[0]' if key.plural else ''} {_quoted(translation)}"]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def compiled(entries: dict[Key, str]) -> bytes:
    """Return the .mo file. Source: https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html"""
    pairs = {"": HEADER} | {key.in_catalogue: text for key, text in entries.items() if text}
    encoded = sorted((key.encode(), text.encode()) for key, text in pairs.items())
    count, start = len(encoded), 28 + 16 * len(encoded)
    ids, texts, table_of_ids, table_of_texts = b"", b"", [], []
    for key, _text in encoded:
        table_of_ids.append((len(key), start + len(ids)))
        ids += key + b"\0"
    for _key, text in encoded:
        table_of_texts.append((len(text), start + len(ids) + len(texts)))
        texts += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start)
    tables = b"".join(struct.pack("<2I", *entry) for entry in table_of_ids + table_of_texts)
    return head + tables + ids + texts


def _complaints(po: Path, known: dict[Key, str], found: Found) -> Iterator[str]:
    language = po.parent.parent.name
    for key, places in sorted(found.places.items()):
        translation = known.get(key, "")
        if not translation:
            yield f"{language}: no translation of {key.text!r} ({', '.join(sorted(places))})"
        elif translation == key.text and key.text not in SAME:
            yield f"{language}: {key.text!r} is its own translation"
        elif not _fits(key, translation):
            yield f"{language}: {translation!r} has other placeholders than {key.text!r}"
    for key in sorted(set(known) - set(found.places)):
        yield f"{language}: {key.text!r} is used nowhere"
    mo = po.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(known):
        yield f"{language}: the .mo file is not of this .po file: run python .ci/translations.py"


def _fits(key: Key, translation: str) -> bool:
    """Whether the translation fills in what the text, or its plural, fills in."""
    wanted = PLACEHOLDER.findall(key.plural or key.text)
    return sorted(PLACEHOLDER.findall(translation)) == sorted(wanted)


def _text_of(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _find() -> Found:
    found = Found()
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            _scan(path.read_text("utf-8"), path, found)
    for path in sorted((ROOT / "templates").rglob("*.*")):
        # Calls stand between marks that are not Python: each line is read for itself.
        for line in templatize(path.read_text("utf-8")).splitlines():
            _scan_calls(line, path, found)
    return found


def _scan(source: str, path: Path, found: Found) -> None:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (key := _key(node)):
            found.add(key, path)


def _scan_calls(line: str, path: Path, found: Found) -> None:
    for name in ("gettext(", "ngettext(", "pgettext(", "_("):
        start = line.find(name)
        while start >= 0:
            if start == 0 or not (line[start - 1].isalnum() or line[start - 1] == "_"):
                _scan(_balanced(line[start:]), path, found)
            start = line.find(name, start + 1)


def _balanced(text: str) -> str:
    """The shortest beginning of the text that is a whole call."""
    for end, character in enumerate(text, start=1):
        if character == ")":
            try:
                ast.parse(text[:end])
            except SyntaxError:
                continue
            return text[:end]
    return ""


def _key(call: ast.Call) -> Key | None:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    if name in SINGULAR and len(texts) == 1:
        return Key(str(texts[0]))
    if name in PLURAL and len(texts) >= 2:
        return Key(str(texts[0]), plural=str(texts[1]))
    if name in CONTEXT and len(texts) == 2:
        return Key(str(texts[1]), context=str(texts[0]))
    return None


def _parts(block: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line.startswith('"') and name:
            parts[name] += ast.literal_eval(line)
        elif line.startswith("msg"):
            name, _, text = line.partition(" ")
            parts[name] = ast.literal_eval(text)
    return parts


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


if __name__ == "__main__":
    sys.exit(main())
