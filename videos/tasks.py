from celery import shared_task
from django.utils import timezone

from videos.publishing import arrivals, callback_inbox


@shared_task(name="videos.tasks.look_at_kollus")
def look_at_kollus() -> int:
    """Works through Kollus' notices, then asks about uploads of which none came."""
    done = callback_inbox.sweep(at=timezone.now())
    return done + arrivals.look_after_uploads(at=timezone.now())
