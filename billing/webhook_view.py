from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.jobs import enqueue
from billing import webhook_inbox
from billing.tasks import process_stripe_event


@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """Keep the event and say so; it is worked through by a task.

    A bad delivery is refused and leaves nothing.
    """
    signature = request.headers.get("Stripe-Signature", "")
    try:
        event, is_new = webhook_inbox.receive(request.body, signature, at=timezone.now())
    except webhook_inbox.BadDelivery as error:
        return HttpResponse(f"refused: {error}", status=400, content_type="text/plain")
    if is_new and event.processed_at is None:
        enqueue(process_stripe_event, event_id=event.pk)
    return HttpResponse(status=200)
