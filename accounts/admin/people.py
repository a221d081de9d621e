from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OfficeAdmin
from accounts.models import User, normalize_email

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(OfficeAdmin[User], DjangoUserAdmin[User]):
    list_display = ("email", "name", "is_staff", "is_active", "created_at")
    list_filter = ("is_staff", "is_active")
    search_help_text = _("The beginning of an e-mail address.")
    readonly_fields = ("created_at", "last_login")
    filter_horizontal = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "user_permissions")}),
        (_("Times"), {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
    )

    def find(self, term: str) -> Q:
        return Q(email__startswith=normalize_email(term))
