from django.urls import path

from videos import api, stage_api

app_name = "videos_api"

urlpatterns = [
    path("playback/", api.Playback.as_view(), name="playback"),
    path("playback/copies/", stage_api.Copies.as_view(), name="copies"),
    path("playback/preview/<slug:slug>/", stage_api.Preview.as_view(), name="preview"),
    path("playback/following/<slug:slug>/", stage_api.Following.as_view(), name="following"),
    path("playback/<str:reference>/link/", api.PlaybackLink.as_view(), name="playback_link"),
    path("playback/<str:reference>/start/", api.PlaybackStart.as_view(), name="playback_start"),
    path("playback/<str:reference>/errors/", api.PlaybackErrors.as_view(), name="playback_errors"),
    path("playback/<str:reference>/beat/", api.PlaybackBeat.as_view(), name="playback_beat"),
    path("playback/<str:reference>/leave/", api.PlaybackLeave.as_view(), name="playback_leave"),
]
