"""Addresses of the Kollus half."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
