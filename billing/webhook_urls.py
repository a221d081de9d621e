from django.urls import path

from billing import webhook_view

app_name = "webhooks"

urlpatterns = [path("stripe/", webhook_view.stripe, name="stripe")]
