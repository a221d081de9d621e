from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin  # noqa: F401 (theirs first, to be taken away here)
from django.contrib.auth.models import Group
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OfficeAdmin
from accounts.models import User, normalize_email

# What opens an account is its owner's to change, who is told by mail; and an app's secrets are settings.
admin.site.unregister([Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken])


class UserForm(forms.ModelForm[User]):
    def clean_email(self) -> str:
        return normalize_email(self.cleaned_data["email"])


@admin.register(User)
class UserAdmin(OfficeAdmin[User]):
    """Nobody has a password: whoever is entered here signs in by a code to this address."""

    form = UserForm
    list_display = ("email", "name", "is_staff", "is_active", "created_at")
    list_filter = ("is_staff", "is_active")
    search_help_text = _("The beginning of an e-mail address.")
    readonly_fields = ("created_at", "last_login")
    filter_horizontal = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("email", "name")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "user_permissions")}),
        (_("Times"), {"fields": ("created_at", "last_login")}),
    )

    def find(self, term: str) -> Q:
        return Q(email__startswith=normalize_email(term))

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
