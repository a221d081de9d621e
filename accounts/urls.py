from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import account_views, address_views, passkey_views, second_step_views, social_views, views

app_name = "accounts"

urlpatterns = [
    path("account/", account_views.account, name="account"),
    path("account/address/", address_views.address, name="address"),
    path("account/passkeys/", passkey_views.mine, name="passkeys"),
    path("account/passkeys/sign-in/", passkey_views.sign_in, name="passkey_sign_in"),
    path("account/with/", social_views.mine, name="social"),
    path("account/with/<str:provider>/", social_views.start, name="with"),
    path("account/sign-in/", views.sign_in, name="sign_in"),
    path("account/enter/<str:token>/", views.enter, name="enter"),
    path("account/second-step/", second_step_views.step, name="second_step"),
    path("account/second-step/recovery-codes/", second_step_views.recovery_codes, name="recovery_codes"),
    path("account/sign-out/", LogoutView.as_view(next_page="videos:catalogue"), name="sign_out"),
]
