"""Settings refuse nonsense with one sentence, and the README tells of each."""

import ast
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import services

ROOT: Final = Path(__file__).resolve().parent.parent
LIVE: Final = {
    "ENV_FILE": "",
    "SITE_URL": "https://shop.example",
    "SECRET_KEY": "a-secret-of-this-test-alone",
    "STRIPE_SECRET_KEY": "sk_live_1",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_1",
    "STRIPE_WEBHOOK_SECRETS": "whsec_new,whsec_old",
    "KOLLUS_SECURITY_KEY": "security",
    "KOLLUS_CUSTOM_KEY": "custom",
    "KOLLUS_PLAYER_CALLBACK_SECRETS": "player",
    "KOLLUS_PLATFORM_CALLBACK_SECRETS": "platform",
}
SANDBOX: Final = LIVE | {
    "STRIPE_SECRET_KEY": "sk_test_sandbox_1",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_sandbox_1",
    "STRIPE_API_BASE": "http://127.0.0.1:8001",
    "STRIPE_JS_URL": "http://stripe.localhost:8001/endive/stripe.js",
    "KOLLUS_PLAYER_BASE": "http://kollus.localhost:8001",
    "KOLLUS_API_BASE": "http://127.0.0.1:8001/kollus-api",
    "ALLOW_TEST_PAYMENTS": "1",
}


@pytest.mark.parametrize("given", [LIVE, SANDBOX], ids=["live", "sandbox"])
def test_fitting_settings_start(given: dict[str, str], tmp_path: Path) -> None:
    assert _complaint(given, tmp_path) == ""


@pytest.mark.parametrize(
    "name",
    [
        *("SITE_URL", "SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRETS"),
        *("KOLLUS_SECURITY_KEY", "KOLLUS_CUSTOM_KEY"),
        *("KOLLUS_PLAYER_CALLBACK_SECRETS", "KOLLUS_PLATFORM_CALLBACK_SECRETS"),
    ],
)
def test_nothing_that_must_be_given_has_a_default(name: str, tmp_path: Path) -> None:
    assert _complaint(LIVE | {name: ""}, tmp_path).startswith(f"{name} is not set")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        (
            "SITE_URL",
            "shop.example",
            "SITE_URL must be an absolute URL (https:// or http://…), not 'shop.example'.",
        ),
        ("SITE_URL", "https://shop.example/films", "SITE_URL must be an origin such as https://shop.example"),
        ("SITE_URL", "https://shop.example:port", "SITE_URL must be an absolute URL"),
        ("DEBUG", "maybe", "DEBUG must be 1 or 0 (or true, false, yes, no, on, off), not 'maybe'."),
        ("WEB_THREADS", "many", "WEB_THREADS must be a whole number, not 'many'."),
        ("WEB_THREADS", "0", "WEB_THREADS must be at least 1, not 0."),
        ("STRIPE_TIMEOUT_SECONDS", "3600", "STRIPE_TIMEOUT_SECONDS must be at most 60, not 3600."),
        (
            "SELLER_COUNTRY",
            "Irland",
            "SELLER_COUNTRY must be a country's two letters such as IE, not 'IRLAND'.",
        ),
        ("TAX_BY", "stripe", "TAX_BY=stripe needs STRIPE_TAX_CODE"),
        ("TAX_BY", "somebody", "TAX_BY must be one of table, stripe, not 'somebody'."),
        ("LOG_STYLE", "xml", "LOG_STYLE must be one of json, plain, not 'xml'."),
        ("DATABASE_URL", "mysql://db/shop", "DATABASE_URL must begin with postgresql:// or sqlite:///"),
        ("DATABASE_URL", "postgresql://db:x/shop", "DATABASE_URL has a port that is not a number"),
        ("DATABASE_URL", "postgresql://db/shop?prepare_threshold=no", "must be a number, or none"),
        ("REDIS_URL", "broker:6379", "REDIS_URL must be an absolute URL (redis:// or rediss://…)"),
        ("EMAIL_URL", "mail.example:25", "EMAIL_URL must look like smtp://user:password@host:587?tls=1."),
        ("EMAIL_URL", "smtp://mail?tsl=1", "EMAIL_URL must look like smtp://user:password@host:587?tls=1."),
        ("STRIPE_WEBHOOK_SECRETS", "whsec_a,,", "STRIPE_WEBHOOK_SECRETS has an empty secret"),
        ("STRIPE_SECRET_KEY", "secret", "STRIPE_SECRET_KEY must begin with sk_live_ or sk_test_"),
        (
            "STRIPE_PUBLISHABLE_KEY",
            "sk_live_1",
            "STRIPE_PUBLISHABLE_KEY must begin with pk_live_ or pk_test_.",
        ),
        ("STRIPE_PUBLISHABLE_KEY", "pk_test_1", "must both be live keys or both be test keys."),
        ("STRIPE_API_BASE", "http://127.0.0.1:8001", "leads to a sandbox, which is refused"),
        ("STRIPE_JS_URL", "http://stripe.localhost:8001/stripe.js", "leads to a sandbox, which is refused"),
        ("STRIPE_JS_URL", "https://js.stripe.com.evil.example/x.js", "leads to a sandbox, which is refused"),
        ("KOLLUS_PLAYER_BASE", "http://kollus.localhost:8001", "leads to a sandbox, which is refused"),
        ("GOOGLE_CLIENT_ID", "half", "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET belong together"),
        ("SIGN_IN_API_BASE", "http://127.0.0.1:8001", "SIGN_IN_PAGE_BASE and SIGN_IN_API_BASE belong tog"),
        ("STRIPE_RECORD", "traffic.jsonl", "STRIPE_RECORD writes down whole exchanges"),
        ("SECRET_KEY_FILE", "/nowhere", "SECRET_KEY and SECRET_KEY_FILE are both set: keep one of them."),
    ],
)
def test_nonsense_is_refused(name: str, value: str, complaint: str, tmp_path: Path) -> None:
    assert complaint in _complaint(LIVE | {name: value}, tmp_path)


def test_stripes_tax_reads_a_confirmation_token(tmp_path: Path) -> None:
    given = LIVE | {"TAX_BY": "stripe", "STRIPE_TAX_CODE": "txcd_10000000"}

    assert _complaint(given, tmp_path) == ""
    assert "unset STRIPE_CARD_AS" in _complaint(given | {"STRIPE_CARD_AS": "payment_method"}, tmp_path)


def test_a_pooler_can_do_without_prepared_statements(tmp_path: Path) -> None:
    url = "postgresql://shop:password@db:5432/shop?sslmode=require&prepare_threshold=none"

    assert _complaint(LIVE | {"DATABASE_URL": url}, tmp_path) == ""
    options = services.database(url, threads=1)["OPTIONS"]
    assert options["prepare_threshold"] is None
    assert "options" not in options


def test_an_operators_own_option_of_postgresql_comes_after_ours() -> None:
    url = "postgresql://shop:password@db:5432/shop?options=-c%20plan_cache_mode%3Dauto"

    said = services.database(url, threads=1)["OPTIONS"]["options"]
    assert said == "-c plan_cache_mode=force_generic_plan -c plan_cache_mode=auto"


def test_test_keys_are_refused_unless_wanted(tmp_path: Path) -> None:
    test_keys = LIVE | {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_PUBLISHABLE_KEY": "pk_test_1"}

    assert "STRIPE_SECRET_KEY is a test key" in _complaint(test_keys, tmp_path)
    assert _complaint(test_keys | {"ALLOW_TEST_PAYMENTS": "1"}, tmp_path) == ""


def test_sandbox_keys_are_refused_away_from_the_sandbox(tmp_path: Path) -> None:
    away = SANDBOX | {"STRIPE_API_BASE": "", "STRIPE_JS_URL": ""}

    assert "The sandbox's keys work with the sandbox only" in _complaint(away, tmp_path)


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("from a file\n")

    by_file = LIVE | {"SECRET_KEY": "", "SECRET_KEY_FILE": str(secret)}

    assert _complaint(by_file, tmp_path) == ""
    assert "cannot be read" in _complaint(by_file | {"SECRET_KEY_FILE": "/nowhere"}, tmp_path)


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("# a comment\nexport SITE_URL='nonsense'\nWEB_THREADS=many\n")

    complaint = _complaint(LIVE | {"ENV_FILE": str(tmp_path / "env")}, tmp_path)

    assert complaint == "WEB_THREADS must be a whole number, not 'many'."


def test_a_broken_env_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("SITE_URL\n")

    complaint = _complaint(LIVE | {"ENV_FILE": str(tmp_path / "env")}, tmp_path)

    assert complaint == f"{tmp_path / 'env'}, line 1, is not of the form NAME=value."


def test_the_command_line_says_one_sentence_and_no_traceback() -> None:
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "PORT": "many"}
    command = [sys.executable, str(ROOT / "manage.py"), "serve"]

    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr == "PORT must be a whole number, not 'many'.\n"


def test_the_readme_lists_every_setting_that_is_read() -> None:
    table = re.findall(r"^\| `([A-Z_]+)`", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE)

    assert sorted(table) == sorted(set(_settings_read()))


def _complaint(given: dict[str, str], folder: Path) -> str:
    """What the settings say to this environment and no other; nothing if they start."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data")} | given
    with mock.patch.dict(os.environ, environment, clear=True):
        try:
            runpy.run_path(str(ROOT / "config" / "settings.py"))
        except ImproperlyConfigured as complaint:
            return str(complaint)
    return ""


def _settings_read() -> Iterator[str]:
    for path in (ROOT / "config").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _reads_environment(ast.unparse(node.func)):
                name = node.args[0]
                if isinstance(name, ast.Constant) and name.value != "DJANGO_SETTINGS_MODULE":
                    yield str(name.value)


def _reads_environment(function: str) -> bool:
    return function.startswith("env.env_") or function in {"os.environ.get", "os.getenv"}
