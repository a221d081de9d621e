from django.urls import path

from videos import callbacks

app_name = "kollus"

urlpatterns = [
    path("<str:secret>/play/", callbacks.play, name="play"),
    path("<str:secret>/lms/", callbacks.lms, name="lms"),
]
