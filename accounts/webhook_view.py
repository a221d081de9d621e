from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import bounce_delivery, bounce_limits


@csrf_exempt
@require_POST
def bounce(request: HttpRequest) -> HttpResponse:
    """A bad delivery is refused and leaves nothing; a report of a mail that was not ours is fine."""
    signature = request.headers.get("Matinee-Signature", "")
    try:
        noted = bounce_delivery.receive(request.read, signature, at=timezone.now())
    except bounce_delivery.BadDelivery as error:
        return _told(f"refused: {error}", error.status)
    return _told(f"{noted} addresses noted.", 200)


def _told(words: str, status: int) -> HttpResponse:
    headers = {"Retry-After": str(bounce_limits.WINDOW_SECONDS)} if status == 429 else {}
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain", headers=headers)
