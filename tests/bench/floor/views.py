"""The webhook that verifies and inserts, the page of two queries, and the list by key."""

import hashlib
import hmac
import json
import time

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tests.bench.floor.models import Film, Price

_KEEP = """
INSERT INTO floor_event (event_id, type, object_id, received_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (event_id) DO NOTHING
"""


def webhook(request: HttpRequest) -> HttpResponse:
    parts = dict(part.split("=", 1) for part in request.headers["Stripe-Signature"].split(","))
    signed = f"{parts['t']}.".encode() + request.body
    good = hmac.new(settings.STRIPE_WEBHOOK_SECRETS[0].encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(good, parts["v1"]) or abs(time.time() - int(parts["t"])) > 300:
        return HttpResponse(status=400)
    event = json.loads(request.body)
    with connection.cursor() as cursor:
        row = [event["id"], event["type"], event["data"]["object"]["id"], timezone.now()]
        cursor.execute(_KEEP, row)
    return HttpResponse()


def page(request: HttpRequest, slug: str) -> HttpResponse:
    film = Film.objects.get(slug=slug)
    return render(request, "film.html", {"film": film, "prices": list(Price.objects.filter(film=film))})


def listing(request: HttpRequest) -> HttpResponse:
    films = Film.objects.filter(pk__lt=request.GET.get("before", 2**40)).order_by("-pk")[:24]
    return render(request, "films.html", {"films": films})
