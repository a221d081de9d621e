from django.urls import path

from videos import api

app_name = "videos_api"

urlpatterns = [
    path("playback/", api.Playback.as_view(), name="playback"),
    path("playback/<str:reference>/link/", api.PlaybackLink.as_view(), name="playback_link"),
    path("playback/<str:reference>/start/", api.PlaybackStart.as_view(), name="playback_start"),
    path("playback/<str:reference>/beat/", api.PlaybackBeat.as_view(), name="playback_beat"),
    path("playback/<str:reference>/leave/", api.PlaybackLeave.as_view(), name="playback_leave"),
]
