"""The same settings, closed to the world and quick. `tests.plugin` adds PostgreSQL, Redis and DATA_DIR."""

import os
from pathlib import Path

os.environ |= {
    "ENV_FILE": "",
    "SECRET_KEY": "tests-only-" + "0" * 50,
    "SITE_URL": "http://localhost",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "STRIPE_SECRET_KEY": "sk_test_sandbox_tests",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_sandbox_tests",
    "STRIPE_WEBHOOK_SECRETS": "whsec_sandbox_tests",
    # A port where nobody listens: a test that forgot its sandbox is refused at once and nothing leaves.
    "STRIPE_API_BASE": "http://127.0.0.1:9",
    "STRIPE_JS_URL": "http://stripe.localhost:9/endive/stripe.js",
    "KOLLUS_PLAYER_BASE": "http://kollus.localhost:9",
    "KOLLUS_API_BASE": "http://127.0.0.1:9/kollus-api",
    "KOLLUS_LIBRARY_BASE": "http://127.0.0.1:9/kollus-api-0",
    "KOLLUS_UPLOAD_BASE": "http://upload.kollus.localhost:9",
    "KOLLUS_PASSTHROUGH_BASE": "http://127.0.0.1:9/kollus-upload/api/v1",
    "KOLLUS_API_TOKEN": "tests-api-token",
    "KOLLUS_CHANNEL_KEY": "ch-tests",
    **{f"{name}_CLIENT_ID": f"tests-{name}" for name in ("GOOGLE", "KAKAO", "NAVER")},
    **{f"{name}_CLIENT_SECRET": "tests-secret" for name in ("GOOGLE", "KAKAO", "NAVER")},
    "SIGN_IN_PAGE_BASE": "http://signin.localhost:9",
    "SIGN_IN_API_BASE": "http://127.0.0.1:9/sign-in-api",
    "DRM_KEY_SYSTEMS": "org.w3.clearkey",
    "KOLLUS_DRM_SITE_ID": "TEST",
    "KOLLUS_DRM_SITE_KEY": "tests-site-key-of-just-32-chars-",
    "KOLLUS_DRM_ACCESS_KEY": "tests-access-key",
    "KOLLUS_DRM_LICENCE_URL": "http://kollus.localhost:9/licence",
    "KOLLUS_DRM_CERTIFICATE_URL": "http://kollus.localhost:9/certificate",
    "KOLLUS_SECURITY_KEY": "tests-security-key-of-32-letters-",
    "KOLLUS_CUSTOM_KEY": "c" * 64,
    "KOLLUS_PLAYER_CALLBACK_SECRETS": "tests-player-secret",
    "KOLLUS_PLATFORM_CALLBACK_SECRETS": "tests-platform-secret",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "ALLOW_TEST_PAYMENTS": "1",
    "WEB_THREADS": "32",
    "LOG_STYLE": "plain",
    "LOG_LEVEL": "WARNING",
}
os.environ.setdefault("DATA_DIR", str(Path(__file__).parent.parent / "var" / "tests"))

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = None  # type: ignore[assignment] # nothing is collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file here too: threads with connections of their own are the point.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}  # noqa: F405
else:
    # The tests' server lets everybody in at once, where the shop's has a connection for each of its threads.
    DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 60  # noqa: F405
