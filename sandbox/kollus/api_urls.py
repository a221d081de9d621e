"""Addresses of the current API for servers, `https://c-api-kr.kollus.com/api` in real life."""

from django.urls import path

from sandbox.kollus import api

urlpatterns = [
    path("upload/create-url", api.create_url),
    path("channels/<str:channel_key>", api.channel),
    path("media-contents/<str:upload_file_key>", api.content),
    path("channels/<str:channel_key>/media-contents/<str:upload_file_key>/attach", api.attach),
]
