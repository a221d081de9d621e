"""Addresses of stripe.localhost: Stripe.js and the frames that it opens."""

from django.urls import URLPattern, path

from sandbox import static_files
from sandbox.stripe import elements

urlpatterns: list[URLPattern] = [
    path("endive/stripe.js", elements.stripe_js),
    path("elements/payment", elements.payment_frame),
    path("elements/controller", elements.controller_frame),
    path("elements/session", elements.session),
    path("elements/confirmation_tokens", elements.create_confirmation_token),
    path("elements/payment_methods", elements.create_payment_method),
    path("elements/payment_intents/<str:intent>", elements.retrieve_payment_intent),
    path("static/<path:name>", static_files.serve),
]
