from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class WiringConfig(AppConfig):
    """An app only so that `manage.py serve` is found; it has no models and nobody imports it."""

    name = "config"

    def ready(self) -> None:
        from config import going_live  # noqa: F401 (registers its checks)


class OfficeConfig(admin_apps.AdminConfig):
    """Django's admin behind our own door."""

    default = False
    default_site = "config.office.OfficeSite"
