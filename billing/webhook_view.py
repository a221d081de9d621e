from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.jobs import hint
from billing.inbox import webhook_inbox
from billing.tasks import work_through_events


@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """Keep the event and say so; it is worked through by a task.

    A bad delivery is refused and leaves nothing.
    """
    signature = request.headers.get("Stripe-Signature", "")
    try:
        has_work = webhook_inbox.receive(request.body, signature, at=timezone.now())
    except webhook_inbox.BadDelivery as error:
        return HttpResponse(f"refused: {error}", status=400, content_type="text/plain")
    if has_work:
        hint(work_through_events)
    return HttpResponse(status=200)
