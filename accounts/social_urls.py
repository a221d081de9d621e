"""Where providers send browsers back to: one address each, as it is registered with them, in no language."""

from django.urls import path

from accounts import social_views

app_name = "social"

urlpatterns = [path("<str:provider>/back/", social_views.back, name="back")]
