"""What `make run` puts into the environment before the settings are read: its keys, the sandbox's addresses.

Whatever keys or databases the environment or `.env` name, the demonstration touches none of them.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config import env, refusals

_FREE_CHOICE: Final = ("LOG_LEVEL", "LOG_STYLE", "WEB_THREADS")


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where the demonstration listens, on loopback only."""

    shop: int
    sandbox: int
    mail: int


def ports() -> Ports:
    """The ports from PORT, SANDBOX_PORT and SANDBOX_SMTP_PORT."""
    return Ports(
        shop=env.env_int("PORT", 8000, at_least=1, at_most=65_535),
        sandbox=env.env_int("SANDBOX_PORT", 8001, at_least=1, at_most=65_535),
        mail=env.env_int("SANDBOX_SMTP_PORT", 8025, at_least=1, at_most=65_535),
    )


def prepare(data_dir: Path, ports: Ports) -> None:
    """Set the environment of the demonstration, making its keys at the first run."""
    data_dir.mkdir(parents=True, exist_ok=True)
    chosen = demo_environment(keys(data_dir), ports) | {"DATA_DIR": str(data_dir)}
    for name in chosen:
        os.environ.pop(f"{name}_FILE", None)
    os.environ |= chosen
    for name, value in zip(_FREE_CHOICE, ("WARNING", "plain", "16"), strict=True):
        os.environ.setdefault(name, value)


_PROVIDERS: Final = ("GOOGLE", "KAKAO", "NAVER")


def demo_environment(keys: dict[str, str], ports: Ports) -> dict[str, str]:
    """The variables of the demonstration, complete enough that no other one leads out of this machine."""
    return keys | {
        "SITE_URL": f"http://localhost:{ports.shop}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SECRET_KEY_FALLBACKS": "",
        "DEBUG": "0",
        "BEHIND_PROXY": "0",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "EMAIL_URL": f"smtp://127.0.0.1:{ports.mail}",
        "ALLOW_TEST_PAYMENTS": "1",
        "STRIPE_API_BASE": f"http://127.0.0.1:{ports.sandbox}",
        "STRIPE_JS_URL": f"http://stripe.localhost:{ports.sandbox}/endive/stripe.js",
        "KOLLUS_PLAYER_BASE": f"http://kollus.localhost:{ports.sandbox}",
        "KOLLUS_APP_BASE": f"http://kollus.localhost:{ports.sandbox}/app/",
        "KOLLUS_API_BASE": f"http://127.0.0.1:{ports.sandbox}/kollus-api",
        "KOLLUS_LIBRARY_BASE": f"http://127.0.0.1:{ports.sandbox}/kollus-api-0",
        "KOLLUS_UPLOAD_BASE": f"http://upload.kollus.localhost:{ports.sandbox}",
        "KOLLUS_PASSTHROUGH_BASE": f"http://127.0.0.1:{ports.sandbox}/kollus-upload/api/v1",
        "SIGN_IN_PAGE_BASE": f"http://signin.localhost:{ports.sandbox}",
        "SIGN_IN_API_BASE": f"http://127.0.0.1:{ports.sandbox}/sign-in-api",
        **{f"{name}_CLIENT_ID": f"sandbox-{name.lower()}" for name in _PROVIDERS},
        **{f"{name}_CLIENT_SECRET": keys["SIGN_IN_SECRET"] for name in _PROVIDERS},
        "KOLLUS_CHANNEL_KEY": "matinee",
        "KOLLUS_DRM_SITE_ID": "DEMO",
        "KOLLUS_DRM_LICENCE_URL": f"http://kollus.localhost:{ports.sandbox}/licence",
        "KOLLUS_DRM_CERTIFICATE_URL": f"http://kollus.localhost:{ports.sandbox}/certificate",
        "OFFLINE_DAYS": "30",
        "OFFLINE_PLAYS": "10",
        "DRM_KEY_SYSTEMS": "org.w3.clearkey",  # all that the sandbox has a licence server for
    }


def keys(data_dir: Path) -> dict[str, str]:
    """The demonstration's keys, the same at every run: what the first run sold, the second can refund."""
    path = data_dir / "keys.json"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps(_new_keys(), indent=2), "utf-8")
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    if set(_new_keys()) - set(found):  # made by an earlier release
        found = _new_keys() | found
        path.write_text(json.dumps(found, indent=2), "utf-8")
    return found


def _new_keys() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SANDBOX_TOKEN": secrets.token_urlsafe(24),
        "STRIPE_SECRET_KEY": refusals.SANDBOX_SECRET_PREFIX + secrets.token_hex(16),
        "STRIPE_PUBLISHABLE_KEY": refusals.SANDBOX_PUBLISHABLE_PREFIX + secrets.token_hex(16),
        "STRIPE_WEBHOOK_SECRETS": f"whsec_sandbox_{secrets.token_hex(16)}",
        "SIGN_IN_SECRET": secrets.token_urlsafe(24),
        "KOLLUS_API_TOKEN": secrets.token_urlsafe(12),
        "KOLLUS_SECURITY_KEY": secrets.token_hex(16),
        "KOLLUS_CUSTOM_KEY": secrets.token_hex(32),
        "KOLLUS_DRM_SITE_KEY": secrets.token_hex(16),
        "KOLLUS_DRM_ACCESS_KEY": secrets.token_urlsafe(24),
        "KOLLUS_PLAYER_CALLBACK_SECRETS": secrets.token_urlsafe(24),
        "KOLLUS_PLATFORM_CALLBACK_SECRETS": secrets.token_urlsafe(24),
    }
