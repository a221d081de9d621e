"""For the mail that signs in: its code and link are made as it is written, so that no table holds them."""

from django import template
from django.urls import reverse

from accounts import sign_in_codes
from accounts.social import providers

register = template.Library()


@register.filter
def sign_in_code(nonce: str) -> str:
    return sign_in_codes.code_of(nonce)


@register.filter
def sign_in_path(nonce: str) -> str:
    return reverse("accounts:enter", args=[sign_in_codes.link_token(nonce)])


@register.filter
def provider_label(name: str) -> str:
    return str(providers.label(name))
