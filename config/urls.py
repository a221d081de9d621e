from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from config import media
from config.health import healthz

handler404 = "config.not_there.not_there"
urlpatterns = [
    path("healthz", healthz),
    path("webhooks/", include("billing.webhook_urls")),
    path("webhooks/", include("accounts.webhook_urls")),
    path("account/with/", include("accounts.social_urls")),
    path("callbacks/kollus/", include("videos.callback_urls")),
    *media.urlpatterns(),
    *i18n_patterns(
        path("", include("videos.urls")),  # first what is asked for most
        path("admin/", admin.site.urls),
        path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
        path("api/v1/", include("accounts.api_urls")),
        path("api/v1/", include("videos.api_urls")),
        path("api/v1/", include("billing.api_urls")),
        path("", include("accounts.urls")),
        path("", include("billing.urls")),
        prefix_default_language=False,
    ),
]
