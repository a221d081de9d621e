from django.apps import AppConfig


class WiringConfig(AppConfig):
    """An app only so that `manage.py serve` is found; it has no models and nobody imports it."""

    name = "config"
