"""What the shop's server calls."""

from django.urls import re_path

from sandbox.sign_in import api

urlpatterns = [
    re_path("^(?P<provider>google|kakao|naver)/token$", api.token),
    re_path("^(?P<provider>google|kakao|naver)/me$", api.me),
]
