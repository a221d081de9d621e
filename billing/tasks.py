from celery import shared_task
from django.utils import timezone

from accounts import tasks as mail
from accounts.jobs import enqueue
from billing import outcomes, webhook_inbox
from billing.models import StripeEvent


@shared_task(name="billing.tasks.process_stripe_event")
def process_stripe_event(*, event_id: int) -> bool:
    event = StripeEvent.objects.get(pk=event_id)
    is_done = webhook_inbox.process(event, at=timezone.now())
    enqueue(mail.send_mail)
    return is_done


@shared_task(name="billing.tasks.sweep")
def sweep() -> int:
    now = timezone.now()
    return webhook_inbox.sweep(at=now) + outcomes.sweep(at=now)
