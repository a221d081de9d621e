"""Everything comes from the environment (`.env` is read if there); the README's table explains each."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from config import env, logs, refusals, services
from config.csp import BASE_POLICY

django_stubs_ext.monkeypatch()  # admin.ModelAdmin[Video] and the like, also at run time

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_env_file(BASE_DIR / os.environ.get("ENV_FILE", ".env"))

# The shop and where it lives

SITE_URL = env.env_origin("SITE_URL")
SHOP_NAME = env.env_str("SHOP_NAME", "Matinee")
SELLER_NAME = env.env_str("SELLER_NAME", SHOP_NAME)
SELLER_ADDRESS = env.env_str("SELLER_ADDRESS", "")
SELLER_REGISTRATION = env.env_str("SELLER_REGISTRATION", "")
SELLER_REPRESENTATIVE = env.env_str("SELLER_REPRESENTATIVE", "")
SELLER_MAIL_ORDER = env.env_str("SELLER_MAIL_ORDER", "")
SELLER_PHONE = env.env_str("SELLER_PHONE", "")
SELLER_HOST = env.env_str("SELLER_HOST", "")
SELLER_COUNTRY = env.env_country("SELLER_COUNTRY")
SELLER_VAT_ID = env.env_str("SELLER_VAT_ID", "")
SUPPORT_EMAIL = env.env_str("SUPPORT_EMAIL", f"help@{urlsplit(SITE_URL).hostname}")
DATA_DIR = Path(env.env_str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
WEB_THREADS = env.env_int("WEB_THREADS", 8, at_least=1, at_most=256)

# Security

DEBUG = env.env_bool("DEBUG")
SECRET_KEY = env.env_secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.env_list("ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or ""])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "config.plain_refusals.gone_stale"
IS_HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90  # a guest's purchases hang on it
SECURE_SSL_REDIRECT = IS_HTTPS and env.env_bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a load balancer asks in plain HTTP
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.env_bool("HSTS_SUBDOMAINS")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if env.env_bool("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {"DIRECTIVES": BASE_POLICY}
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # admin forms included; webhooks bring their own bound

# What it is made of

INSTALLED_APPS = [
    "config",
    "billing",
    "videos",
    "accounts",
    "config.apps.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "drf_spectacular",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.csp.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.plain_refusals.PlainRefusals",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.shop",
            ]
        },
    }
]
CACHES = {
    # What all processes must agree on: which code of a second step was used, and how many were wrong.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_sharedcache"},
    # Parts of pages that stay the same until the next release, and so must not outlive the process.
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
AUTH_USER_MODEL = "accounts.User"
# Signing in: a code by mail, no passwords. Of the library the stages and hooks are used, not the pages.
ACCOUNT_ADAPTER = "billing.owning.adapter.OwningAdapter"  # signing in brings purchases along
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code is the proof
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}  # wrong codes of a second step, by user
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
SIGN_IN_WITH = {
    name: (client_id, secret)
    for name, client_id, secret in (
        ("google", env.env_str("GOOGLE_CLIENT_ID", ""), env.env_optional_secret("GOOGLE_CLIENT_SECRET")),
        ("kakao", env.env_str("KAKAO_CLIENT_ID", ""), env.env_optional_secret("KAKAO_CLIENT_SECRET")),
        ("naver", env.env_str("NAVER_CLIENT_ID", ""), env.env_optional_secret("NAVER_CLIENT_SECRET")),
    )
    if client_id or secret
}
SIGN_IN_PAGE_BASE = env.env_str("SIGN_IN_PAGE_BASE", "")
SIGN_IN_API_BASE = env.env_str("SIGN_IN_API_BASE", "")
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SIGN_IN_STRANGERS_AN_HOUR = env.env_int("SIGN_IN_STRANGERS_AN_HOUR", 200, at_least=1)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of their own
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "videos:library"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.page_api.PageSession"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.page_api.SmallJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.page_api.AlwaysJSON",
    "EXCEPTION_HANDLER": "accounts.api_refusals.plain_sentences",
    "DEFAULT_SCHEMA_CLASS": "config.api_schema.SchemaByQualifiedName",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Matinee",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "AUTHENTICATION_WHITELIST": [],  # the session's cookie, everywhere the same
}

# Languages: one URL each, English without a prefix

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어"), ("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# Database, jobs, mail, files

DATABASES = {
    "default": services.database(
        env.env_str("DATABASE_URL", f"sqlite:///{DATA_DIR / 'shop.sqlite3'}"), threads=WEB_THREADS
    )
}
REDIS_URL = env.env_url("REDIS_URL", schemes=("redis", "rediss")) if os.environ.get("REDIS_URL") else ""
_BROKER = services.broker(REDIS_URL, folder=DATA_DIR / "jobs")
CELERY_BROKER_URL = _BROKER["CELERY_BROKER_URL"]
CELERY_BROKER_TRANSPORT_OPTIONS = _BROKER["CELERY_BROKER_TRANSPORT_OPTIONS"]
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # a dead broker is a late job, never a waiting buyer
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    # A tick that found no worker is worth nothing once the next one is due.
    "sweep": {"task": "billing.tasks.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "balance": {"task": "billing.tasks.fetch_balance", "schedule": 300.0, "options": {"expires": 300}},
    "rental ends": {
        "task": "billing.tasks.tell_rental_ends",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "reconcile": {"task": "billing.tasks.reconcile", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget": {"task": "billing.tasks.forget", "schedule": 900.0, "options": {"expires": 900}},
    "let go": {"task": "billing.tasks.let_go", "schedule": 21_600.0, "options": {"expires": 21_600}},
    "look at kollus": {"task": "videos.tasks.look_at_kollus", "schedule": 15.0, "options": {"expires": 15}},
    "forget devices": {
        "task": "videos.tasks.forget_devices",
        "schedule": 21_600.0,
        "options": {"expires": 21_600},
    },
    "map what was seen": {
        "task": "videos.tasks.map_what_was_seen",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "sync kollus": {"task": "videos.tasks.sync_kollus", "schedule": 21_600.0, "options": {"expires": 21_600}},
    "follow films that leave": {
        "task": "billing.tasks.follow_leaving",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "send mail": {"task": "accounts.tasks.send_mail", "schedule": 10.0, "options": {"expires": 10}},
    "forget sign-ins": {
        "task": "accounts.tasks.forget_sign_ins",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}

_MAIL = services.mail(env.env_str("EMAIL_URL", "smtp://localhost:25"))
EMAIL_HOST = _MAIL["EMAIL_HOST"]
EMAIL_PORT = _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER = _MAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _MAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _MAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
BOUNCE_WEBHOOK_SECRETS = (
    env.env_secrets("BOUNCE_WEBHOOK_SECRETS") if env.env_optional_secret("BOUNCE_WEBHOOK_SECRETS") else []
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.env_str("DEFAULT_FROM_EMAIL", f"{SHOP_NAME} <{SUPPORT_EMAIL}>")

# How long what names somebody is kept where nothing makes us keep it

KEEP_MAILS_DAYS = env.env_int("KEEP_MAILS_DAYS", 90, at_least=7)
KEEP_SIGN_IN_CODES_DAYS = env.env_int("KEEP_SIGN_IN_CODES_DAYS", 1, at_least=1)
KEEP_DEVICES_DAYS = env.env_int("KEEP_DEVICES_DAYS", 180, at_least=1)
KEEP_UNPAID_ORDERS_DAYS = env.env_int("KEEP_UNPAID_ORDERS_DAYS", 30, at_least=2)
KEEP_WITHDRAWAL_WISHES_DAYS = env.env_int("KEEP_WITHDRAWAL_WISHES_DAYS", 30, at_least=1)

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page reads our files

# Stripe

STRIPE_SECRET_KEY = env.env_secret("STRIPE_SECRET_KEY")
STRIPE_PUBLISHABLE_KEY = env.env_str("STRIPE_PUBLISHABLE_KEY")
STRIPE_WEBHOOK_SECRETS = env.env_secrets("STRIPE_WEBHOOK_SECRETS")
STRIPE_API_BASE = env.env_url("STRIPE_API_BASE", refusals.STRIPE_API)
STRIPE_JS_URL = env.env_url("STRIPE_JS_URL", f"{refusals.STRIPE_JS}/endive/stripe.js")
STRIPE_TIMEOUT_SECONDS = env.env_int("STRIPE_TIMEOUT_SECONDS", 12, at_least=1, at_most=60)
MEMBERSHIP_TRIAL_NOTICE_DAYS = env.env_int("MEMBERSHIP_TRIAL_NOTICE_DAYS", 3, at_least=0, at_most=60)
MEMBERSHIP_RENEWAL_NOTICE_DAYS = env.env_int("MEMBERSHIP_RENEWAL_NOTICE_DAYS", 7, at_least=0, at_most=60)
MEMBERSHIP_PRICE_NOTICE_DAYS = env.env_int("MEMBERSHIP_PRICE_NOTICE_DAYS", 30, at_least=0, at_most=180)
MEMBERSHIP_GRACE_DAYS = env.env_int("MEMBERSHIP_GRACE_DAYS", 3, at_least=1, at_most=60)
RENTAL_END_NOTICE_HOURS = env.env_int("RENTAL_END_NOTICE_HOURS", 12, at_least=0, at_most=720)
TAKE_DOWN_NOTICE_DAYS = env.env_int("TAKE_DOWN_NOTICE_DAYS", 30, at_least=0, at_most=365)
TAKE_DOWN_REFUND_DAYS = env.env_int("TAKE_DOWN_REFUND_DAYS", 365, at_least=0, at_most=36_500)
STRIPE_MAX_WAITING = env.env_int("STRIPE_MAX_WAITING", max(1, WEB_THREADS // 2), at_least=1)
STRIPE_CARD_AS = env.env_choice(
    "STRIPE_CARD_AS", "confirmation_token", choices=("confirmation_token", "payment_method")
)
TAX_BY = env.env_choice("TAX_BY", "table", choices=("table", "stripe"))
STRIPE_TAX_CODE = env.env_str("STRIPE_TAX_CODE", "")
STRIPE_RECORD = os.environ.get("STRIPE_RECORD", "")
DISPUTE_ACCESS = env.env_choice("DISPUTE_ACCESS", "suspend", choices=("suspend", "keep"))
ALLOW_TEST_PAYMENTS = env.env_bool("ALLOW_TEST_PAYMENTS")

# Kollus

KOLLUS_PLAYER_BASE = env.env_origin("KOLLUS_PLAYER_BASE", "https://v.kr.kollus.com")
KOLLUS_APP_BASE = env.env_str("KOLLUS_APP_BASE", "kollus://")
KOLLUS_API_BASE = env.env_url("KOLLUS_API_BASE", "https://c-api-kr.kollus.com/api")
KOLLUS_LIBRARY_BASE = env.env_url("KOLLUS_LIBRARY_BASE", "https://api.kr.kollus.com/0")
KOLLUS_UPLOAD_BASE = env.env_origin("KOLLUS_UPLOAD_BASE", "https://upload.kr.kollus.com")
KOLLUS_PASSTHROUGH_BASE = env.env_url("KOLLUS_PASSTHROUGH_BASE", f"{KOLLUS_UPLOAD_BASE}/api/v1")
KOLLUS_API_TOKEN = env.env_optional_secret("KOLLUS_API_TOKEN")
KOLLUS_CHANNEL_KEY = env.env_str("KOLLUS_CHANNEL_KEY", "")
KOLLUS_SECURITY_KEY = env.env_secret("KOLLUS_SECURITY_KEY")
KOLLUS_CUSTOM_KEY = env.env_secret("KOLLUS_CUSTOM_KEY")
KOLLUS_PLAYER_CALLBACK_SECRETS = env.env_secrets("KOLLUS_PLAYER_CALLBACK_SECRETS")
KOLLUS_PLATFORM_CALLBACK_SECRETS = env.env_secrets("KOLLUS_PLATFORM_CALLBACK_SECRETS")
DRM_KEY_SYSTEMS = env.env_list(
    "DRM_KEY_SYSTEMS", ["com.widevine.alpha", "com.microsoft.playready.recommendation", "com.apple.fps"]
)
KOLLUS_PLAYER_DOWNLOAD_URL = env.env_str("KOLLUS_PLAYER_DOWNLOAD_URL", "")
KOLLUS_DRM_SITE_ID = env.env_str("KOLLUS_DRM_SITE_ID", "")
KOLLUS_DRM_SITE_KEY = env.env_optional_secret("KOLLUS_DRM_SITE_KEY")
KOLLUS_DRM_ACCESS_KEY = env.env_optional_secret("KOLLUS_DRM_ACCESS_KEY")
KOLLUS_DRM_LICENCE_URL = env.env_url(
    "KOLLUS_DRM_LICENCE_URL", "https://license.pallycon.com/ri/licenseManager.do"
)
KOLLUS_DRM_CERTIFICATE_URL = env.env_url(
    "KOLLUS_DRM_CERTIFICATE_URL", "https://license.pallycon.com/ri/fpsKeyManager.do"
)
KOLLUS_DRM_LICENCE_SECONDS = env.env_int(
    "KOLLUS_DRM_LICENCE_SECONDS", 86_400, at_least=3600, at_most=2_592_000
)
KOLLUS_LINK_SECONDS = env.env_int("KOLLUS_LINK_SECONDS", 300, at_least=30, at_most=86_400)
KOLLUS_FASTEST_SPEED = env.env_int("KOLLUS_FASTEST_SPEED", 4, at_least=1, at_most=16)
WATCHED_FROM_PERCENT = env.env_int("WATCHED_FROM_PERCENT", 90, at_least=1, at_most=100)
OFFLINE_DAYS = env.env_int("OFFLINE_DAYS", 0, at_least=0, at_most=365)
OFFLINE_PLAYS = env.env_int("OFFLINE_PLAYS", 0, at_least=0, at_most=1000)
OFFLINE_DEVICES = env.env_int("OFFLINE_DEVICES", 2, at_least=1, at_most=100)
STREAMS_AT_ONCE = env.env_int("STREAMS_AT_ONCE", 1, at_least=1, at_most=10)

LOGGING = logs.configuration(
    style=env.env_choice("LOG_STYLE", "json", choices=("json", "plain")),
    level=env.env_choice("LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR")),
)

for _sentence in refusals.refusals(
    refusals.ProviderSettings(
        stripe_secret_key=STRIPE_SECRET_KEY,
        stripe_publishable_key=STRIPE_PUBLISHABLE_KEY,
        stripe_api_base=STRIPE_API_BASE,
        stripe_js_url=STRIPE_JS_URL,
        stripe_record=STRIPE_RECORD,
        stripe_card_as=STRIPE_CARD_AS,
        stripe_tax_code=STRIPE_TAX_CODE if TAX_BY == "stripe" else None,
        kollus_addresses=(
            *(KOLLUS_PLAYER_BASE, KOLLUS_API_BASE, KOLLUS_LIBRARY_BASE, KOLLUS_UPLOAD_BASE),
            *(KOLLUS_PASSTHROUGH_BASE, KOLLUS_APP_BASE),
            *(KOLLUS_DRM_LICENCE_URL, KOLLUS_DRM_CERTIFICATE_URL),
        ),
        kollus_drm_keys=(KOLLUS_DRM_SITE_ID, KOLLUS_DRM_SITE_KEY, KOLLUS_DRM_ACCESS_KEY),
        allow_test_payments=ALLOW_TEST_PAYMENTS,
        sign_in_keys=SIGN_IN_WITH,
        sign_in_bases=(SIGN_IN_PAGE_BASE, SIGN_IN_API_BASE),
    )
):
    raise ImproperlyConfigured(_sentence)
