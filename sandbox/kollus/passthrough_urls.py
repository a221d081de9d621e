"""What the upload host keeps for servers: addresses that no browser may see."""

from django.urls import path

from sandbox.kollus import passthrough_host, upload_host

urlpatterns = [
    path("create_url", passthrough_host.create_url),
    path("UploadMultiParts/KUS_<str:key>/<str:again>/<path:tail>", upload_host.receive),
    path("GetUploadingProgress/KUS_<str:key>", upload_host.progress),
]
