import re
from pathlib import Path

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django import Settings

ROOT = Path(__file__).resolve().parent.parent.parent


def test_production_finds_every_static_file_by_its_hash(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    for name in _named_in_templates():
        assert staticfiles_storage.url(name) != f"/static/{name}", name


def _named_in_templates() -> set[str]:
    pages = (ROOT / "templates").rglob("*.html")
    return {
        name
        for page in pages
        for name in re.findall(r"{% static [\"']([^\"']+)[\"']", page.read_text("utf-8"))
    }
