"""Addresses of the API's version 0, `https://api.kr.kollus.com/0` in real life."""

from django.urls import path

from sandbox.kollus import version_0

urlpatterns = [
    path("media/library/media_content", version_0.library_contents),
    path("media/library/media_content/<str:upload_file_key>", version_0.library_content),
    path("media/channel/media_content", version_0.channel_contents),
]
