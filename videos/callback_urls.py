from django.urls import path

from videos import callbacks, platform_callbacks

app_name = "kollus"

urlpatterns = [
    path("<str:secret>/play/", callbacks.play, name="play"),
    path("<str:secret>/download/", callbacks.download, name="download"),
    path("<str:secret>/lms/", callbacks.lms, name="lms"),
    *(
        path(f"<str:secret>/{kind}/", platform_callbacks.notice, {"kind": kind}, name=kind)
        for kind in ("upload", "transcoding", "update", "channel")
    ),
]
