from django.urls import path

from videos import certificate_views, device_views, views

app_name = "videos"

urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("videos/<slug:slug>/", views.video, name="video"),
    path("videos/<slug:slug>/copies/", device_views.copies, name="copies"),
    path("collections/<slug:slug>/", views.collection, name="collection"),
    path("collections/<slug:slug>/certificate/", certificate_views.own, name="certificate"),
    path("certificates/<str:code>/", certificate_views.check, name="certificate_check"),
    path("library/", views.library, name="library"),
    path("account/devices/", device_views.shown, name="devices"),
    path("player-parts/", views.player_parts, name="player_parts"),
    path("player-messages/", views.player_messages, name="player_messages"),
]
