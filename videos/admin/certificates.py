"""The certificates that were made out, to be read when somebody asks about one."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from accounts.models import User, normalize_email
from videos.models import Certificate
from videos.watching import certificates

_MOST_DIGITS = 8


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin[Certificate]):
    list_display = ("number", "code", "user", "course", "completed_at", "issued_at", "is_name_shared")
    list_select_related = ("user", "collection")
    search_help_text = _("An e-mail address, a certificate's code, or its number.")
    fields = (
        *("number", "code", "user", "course", "name", "is_name_shared", "films", "total_seconds"),
        *("completed_at", "issued_at", "time_zone"),
    )

    def find(self, term: str) -> Q:
        if "@" in term:
            return Q(user_id__in=User.objects.filter(email=normalize_email(term)).values("id"))
        if term.isascii() and term.isdigit() and len(term) <= _MOST_DIGITS:
            return Q(number=int(term))
        found = certificates.check(term)
        return Q(pk=found.pk if found else None)

    @admin.display(description=_("course"))
    def course(self, certificate: Certificate) -> str:
        return str(certificate.collection)
