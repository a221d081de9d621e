"""Who may know whom. An arrow the wrong way is reported as path:line."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent

MAY_IMPORT: Final[dict[str, set[str]]] = {
    "accounts": set(),
    "videos": {"accounts"},
    "billing": {"accounts", "videos"},
    "config": {"accounts", "videos", "billing"},
    "sandbox": set(),
}
# The apps' ground floor: rows, and the providers' dialects. It knows no verb and no face.
GROUND: Final = {
    "accounts": {"models"},
    "videos": {"models", "money", "kollus"},
    "billing": {"models", "stripe"},
}
FACES: Final = {
    *("urls", "views", "api", "api_urls", "page_api", "admin", "tasks", "management"),
    *("callbacks", "receipt_views", "refund_views", "withdrawal_views", "membership_views"),
    *("renewal_views", "renewal_api", "card_views", "card_api", "company_form", "purchase_forms"),
    *("account_views", "second_step_views", "platform_callbacks"),
    *("plan_views", "plan_api", "address_views", "privacy_views", "legal_views"),
    *("device_views", "stage_api"),
    *("passkey_views", "social_views", "ways_in_views", "social_urls"),
    *("callback_urls", "webhook_view", "webhook_urls"),
}
# Calls that name a module in a string reach across as well as an import does.
BY_NAME: Final = {"get_model", "import_string", "import_module"}


@dataclass(frozen=True)
class Import:
    """One module that a file takes in, and where it says so."""

    module: str
    place: str


def test_imports_follow_the_arrows() -> None:
    against = [
        f"{found.place} imports {found.module}"
        for app, allowed in MAY_IMPORT.items()
        for path in _sources(app)
        for found in _imports(path)
        if _app(found.module) in MAY_IMPORT and _app(found.module) not in allowed | {app}
    ]

    assert against == []


def test_stripe_is_imported_in_one_file() -> None:
    importers = {
        str(path.relative_to(ROOT))
        for app in MAY_IMPORT
        for path in _sources(app)
        for found in _imports(path)
        if _app(found.module) == "stripe"
    }

    assert importers == {"billing/stripe/stripe_gateway.py"}


@pytest.mark.parametrize(
    ("module", "importer"),
    [
        ("videos.kollus.passthrough", "videos/publishing/sending.py"),
        ("videos.publishing.sending", "videos/management/commands/send_film.py"),
    ],
)
def test_an_address_that_holds_kollus_token_is_known_to_one_command(module: str, importer: str) -> None:
    importers = {
        str(path.relative_to(ROOT))
        for app in MAY_IMPORT
        for path in _sources(app)
        for found in _imports(path)
        if found.module.startswith(module)
    }

    assert importers == {importer}


def test_the_ground_floor_knows_no_verb() -> None:
    against = [
        f"{found.place} imports {found.module}"
        for app, rooms in GROUND.items()
        for path in _sources(app)
        if _room(path) in rooms
        for found in _imports(path)
        if _app(found.module) == app and _room_of_module(found.module) not in rooms | {""}
    ]

    assert against == []


def test_verbs_know_no_face() -> None:
    against = [
        f"{found.place} imports {found.module}"
        for app in GROUND
        for path in _sources(app)
        if _room(path) not in FACES
        for found in _imports(path)
        if _app(found.module) in GROUND and _room_of_module(found.module) in FACES
    ]

    assert against == []


@pytest.mark.parametrize("signal", ["django.dispatch", "django.db.models.signals", "django.core.signals"])
def test_apps_talk_by_plain_calls(signal: str) -> None:
    against = [
        found.place
        for app in GROUND
        for path in _sources(app)
        for found in _imports(path)
        if found.module.startswith(signal)
    ]

    assert against == []


def test_the_walk_sees_every_kind_of_import(tmp_path: Path) -> None:
    source = tmp_path / "probe.py"
    source.write_text(
        "import billing.models\n"
        "from videos import money\n"
        "def later():\n"
        "    from stripe import Refund\n"
        "apps.get_model('billing.Order')\n"
        "apps.get_model('billing', 'Order')\n"
        "import_string('videos.playback.open')\n"
    )

    found = sorted((found.module, found.place.rpartition(":")[2]) for found in _imports(source))

    assert found == [
        ("billing", "6"),
        ("billing.Order", "5"),
        ("billing.models", "1"),
        ("stripe.Refund", "4"),
        ("videos.money", "2"),
        ("videos.playback.open", "7"),
    ]


def _sources(app: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)


@cache
def _imports(path: Path) -> list[Import]:
    where = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return [
        Import(module, f"{where}:{getattr(node, 'lineno', 0)}")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for module in _modules(node)
    ]


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports name the whole module, so that they can be found"
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and _called(node) in BY_NAME and node.args:
        first = node.args[0]
        return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []
    return []


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def _app(module: str) -> str:
    return module.partition(".")[0]


def _room(path: Path) -> str:
    """The file or folder directly inside the app: `models`, `views`, `kollus`."""
    return path.relative_to(ROOT).parts[1].removesuffix(".py")


def _room_of_module(module: str) -> str:
    return [*module.split("."), ""][1]
