"""Addresses of the API's version 0, `https://api.kr.kollus.com/0` in real life."""

from django.urls import path

from sandbox.kollus import version_0

urlpatterns = [
    path("media/library/media_content", version_0.library_contents),
    path("media/library/media_content/<str:upload_file_key>", version_0.library_content),
    path("media/library/delete/<str:upload_file_key>", version_0.delete),
    path("media/channel", version_0.channels),
    path("media/channel/media_content", version_0.channel_contents),
    path("media/channel/detach/<str:upload_file_key>", version_0.detach),
    path("media/upload_file", version_0.upload_files),
]
