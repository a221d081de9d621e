"""Addresses of hooks.stripe.localhost: the bank's page."""

from django.urls import URLPattern, path

from sandbox.stripe import challenge_page

urlpatterns: list[URLPattern] = [path("3d_secure/<slug:world>/<str:challenge_id>", challenge_page.show)]
