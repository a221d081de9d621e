"""Where an order's mail goes: put right by who bought it, with a form that needs no script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import tasks as mail
from accounts.forms import AddressForm
from accounts.identity import viewer_of
from accounts.jobs import hint
from billing import views
from billing.addressing import corrections
from billing.settling import order_status


@require_POST
@never_cache
def address(request: HttpRequest, reference: str) -> HttpResponse:
    """One answer for every address, whether or not it is known here."""
    order, form = order_status.get_order_for(viewer_of(request), reference), AddressForm(request.POST)
    if form.is_valid():
        try:
            corrections.correct(order, email=form.cleaned_data["email"], at=timezone.now())
        except corrections.TooLate:
            form.add_error("email", _("This address can't be changed here any more. Write to us."))
        else:
            hint(mail.send_mail)
            return redirect(f"{order.get_absolute_url()}?address=changed#address")
    return views.show_order(request, order, address_form=form, status=400)
