"""What kollus.localhost serves to browsers."""

from django.urls import path

from sandbox import static_files
from sandbox.kollus import downloads, gateway, installed, licence, media, playing

urlpatterns = [
    path("s", gateway.play),
    path("si", gateway.info),
    path("app/", downloads.page),
    path("app/path", installed.path),
    path("app/download", installed.download),
    path("poster/<slug:mckey>.jpg", gateway.poster),
    path("starts/<slug:world_name>/<slug:start_id>/permission", playing.permission),
    path("starts/<slug:world_name>/<slug:start_id>/progress", playing.progress),
    path("starts/<slug:world_name>/<slug:start_id>/left", playing.left),
    path("starts/<slug:world_name>/<slug:start_id>/obeyed", playing.obeyed),
    path("starts/<slug:world_name>/<slug:start_id>/download", playing.download),
    path("copies/<slug:world_name>/<slug:copy_id>/play", playing.play_copy),
    path("licence", licence.licence),
    path("media/<str:name>", media.serve),
    path("static/<path:name>", static_files.serve),
]
