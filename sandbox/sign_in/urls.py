"""What signin.localhost serves to browsers."""

from django.urls import path, re_path

from sandbox import static_files
from sandbox.sign_in import authorize

urlpatterns = [
    re_path("^(?P<provider>google|kakao|naver)/authorize$", authorize.page),
    path("static/<path:name>", static_files.serve),
]
