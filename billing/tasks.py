from celery import shared_task
from django.utils import timezone

from accounts import tasks as mail
from accounts.jobs import enqueue
from billing import outcomes, webhook_inbox


@shared_task(name="billing.tasks.work_through_events")
def work_through_events() -> int:
    done = webhook_inbox.sweep(at=timezone.now())
    enqueue(mail.send_mail)
    return done


@shared_task(name="billing.tasks.sweep")
def sweep() -> int:
    now = timezone.now()
    return webhook_inbox.sweep(at=now) + outcomes.sweep(at=now)
