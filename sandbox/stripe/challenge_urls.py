"""Addresses of hooks.stripe.localhost: the bank's page."""

from django.urls import URLPattern, path

from sandbox import static_files
from sandbox.stripe import challenge_page

urlpatterns: list[URLPattern] = [
    path("3d_secure/<slug:world>/<str:challenge_id>", challenge_page.show),
    path("static/<path:name>", static_files.serve),
]
