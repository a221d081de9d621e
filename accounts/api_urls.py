from django.urls import path

from accounts import api

app_name = "accounts_api"

urlpatterns = [path("address-hints/", api.AddressHints.as_view(), name="address_hints")]
