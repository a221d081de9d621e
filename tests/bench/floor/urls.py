from django.urls import path

from tests.bench.floor import playing, views

urlpatterns = [
    path("webhook/", views.webhook),
    path("films/", views.listing),
    path("films/<str:slug>/", views.page),
    path("links/", playing.link),
    path("sessions/", playing.session),
    path("play/", playing.play),
    path("progress/", playing.progress),
]
