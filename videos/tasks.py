from celery import shared_task
from django.utils import timezone

from videos.kollus import api_client
from videos.publishing import arrivals, callback_inbox, syncing
from videos.watching import devices, mapping


@shared_task(name="videos.tasks.look_at_kollus")
def look_at_kollus() -> int:
    """Works through Kollus' notices, then asks about uploads of which none came."""
    done = callback_inbox.sweep(at=timezone.now())
    return done + arrivals.look_after_uploads(at=timezone.now())


@shared_task(name="videos.tasks.sync_kollus")
def sync_kollus() -> int:
    return len(syncing.sync(at=timezone.now())) if api_client.is_set_up() else 0


@shared_task(name="videos.tasks.map_what_was_seen")
def map_what_was_seen() -> int:
    return mapping.roll_up()


@shared_task(name="videos.tasks.forget_devices")
def forget_devices() -> int:
    return devices.forget(at=timezone.now())
