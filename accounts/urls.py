from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("account/sign-in/", views.sign_in, name="sign_in"),
    path("account/enter/<str:token>/", views.enter, name="enter"),
    path("account/sign-out/", LogoutView.as_view(next_page="videos:catalogue"), name="sign_out"),
]
