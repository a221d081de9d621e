from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import bounce_delivery


@csrf_exempt
@require_POST
def bounce(request: HttpRequest) -> HttpResponse:
    """A bad delivery is refused and leaves nothing; a report of a mail that was not ours is fine."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > bounce_delivery.LONGEST_BYTES:
        return _told("refused: too long", 413)
    try:
        signature = request.headers.get("Matinee-Signature", "")
        noted = bounce_delivery.receive(request.body, signature, at=timezone.now())
    except bounce_delivery.BadDelivery as error:
        return _told(f"refused: {error}", 400)
    return _told(f"{noted} addresses noted.", 200)


def _told(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain")
