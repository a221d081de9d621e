from django.urls import path

from accounts import webhook_view

app_name = "mail_webhooks"

urlpatterns = [path("mail/", webhook_view.bounce, name="bounce")]
