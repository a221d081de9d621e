"""Addresses of the upload host, where browsers send files."""

from django.urls import path

from sandbox.kollus import upload_host

urlpatterns = [
    path("api/v1/UploadMultiParts/KUS_<str:key>/<str:again>", upload_host.receive),
    path("api/v1/GetUploadingProgress/KUS_<str:key>", upload_host.progress),
]
