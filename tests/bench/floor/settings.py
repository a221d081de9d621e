"""The floor: the least Django that does what the shop's hot paths do. It reads the shop's environment."""

import os
from pathlib import Path

from config import services

SECRET_KEY = os.environ["SECRET_KEY"]
STRIPE_WEBHOOK_SECRETS = [os.environ["STRIPE_WEBHOOK_SECRETS"]]
KOLLUS_SECURITY_KEY = os.environ["KOLLUS_SECURITY_KEY"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "tests.bench.floor.urls"
INSTALLED_APPS = ["tests.bench.floor"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {
    "default": services.database(os.environ["DATABASE_URL"], threads=int(os.environ["WEB_THREADS"]))
    | {"NAME": "floor"}
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
    }
]
