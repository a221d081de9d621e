from celery import shared_task
from django.utils import timezone

from accounts import mailing


@shared_task(name="accounts.tasks.send_mail")
def send_mail() -> int:
    return mailing.send_waiting(at=timezone.now())
