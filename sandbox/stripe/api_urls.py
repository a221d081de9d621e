"""Every address below /v1 goes through one door."""

from django.urls import URLPattern, re_path

from sandbox.stripe import api

urlpatterns: list[URLPattern] = [re_path("", api.view)]
