"""The background jobs' wiring. Messages are hints and rows are the truth: a lost message is a late job."""

import os

from celery import Celery

from config import file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

file_broker.register()
app = Celery("matinee")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
