"""The cast and the stage. Ada bought, Bo did not, Cho is staff; sandbox, worker and browser are real."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.test import override_settings
from django.utils import timezone, translation
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from config.celery import app
from tests import elsewhere, emptying, enabled_events, moments, plugin, quiet

if TYPE_CHECKING:
    from accounts.models import User
    from tests.sandbox_client import Sandbox, World
    from videos.models import Video

QUEUE = "celery"
expect.set_options(timeout=30_000)  # a page comes late where five browsers share two processors

# Chromium opens two pages of its own for each window's address bar, which nobody sees: a third of its work.
# Only the last of two such lists counts, so that this one repeats what Playwright turns off.
_TURNED_OFF = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    "ThirdPartyStoragePartitioning",
)

if not plugin.IS_SQLITE:
    emptying.leave_no_rows()


@dataclass(frozen=True)
class Shop:
    """The shop on a real port, with its sandbox world wired to it."""

    url: str
    port: int
    world: "World"

    def announce(self, *videos: "Video") -> None:
        """Tell the sandbox's Kollus its films and trailers; without it every one is unknown there."""
        trailers = [
            {"mckey": video.trailer_key, "duration": 12, "title": video.slug, "protection": "none"}
            for video in videos
            if video.trailer_key
        ]
        self.world.configure(kollus={"contents": [*map(_content, videos), *trailers]})


@pytest.fixture(scope="session", autouse=True)
def letters_without_gaps() -> Iterator[None]:
    """A variable that a verb forgot is a blank in a mail: here it is a failure, wherever that verb runs."""
    from tests import full_letters

    with full_letters.read():
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Its server is thrown away whole: to drop it before only complains of who has not hung up yet."""
    return True


@pytest.fixture(autouse=True)
def nobodys_language() -> None:
    """A request leaves its language behind in the thread that answered it: here, to the next test."""
    translation.deactivate()


@pytest.fixture
def one_window() -> None:
    """Heat is counted in windows of ten minutes: none ends within this test."""
    moments.wait_for_a_window_of(600, open_for=45)


@pytest.fixture
def one_hour() -> None:
    """Mails of codes are counted by the hour: none ends within this test."""
    moments.wait_for_a_window_of(3600, open_for=45)


@pytest.fixture
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the shop's; else who is silent for six seconds, as on a slow machine, lost his place to watch."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def ada(db: None) -> "User":
    """Has bought, once a test has sold her something."""
    return _person("ada")


@pytest.fixture
def bo(db: None) -> "User":
    """Has bought nothing."""
    return _person("bo")


@pytest.fixture
def cho(db: None) -> "User":
    """Staff, with every right."""
    return _person("cho", is_staff=True, is_superuser=True)


@pytest.fixture(scope="session")
def sandbox() -> "Iterator[Sandbox]":
    """The stand-in for Stripe, Kollus and the mail server: one process for the whole run."""
    from tests.sandbox_client import start_sandbox

    running = start_sandbox()
    yield running
    running.stop()


@pytest.fixture
def world(sandbox: "Sandbox", settings: Settings) -> "Iterator[World]":
    """A world of this test's own in the sandbox, with the settings pointing at it."""
    keys = {"custom_key": secrets.token_hex(32), "security_key": secrets.token_hex(16)}
    library = {"api_token": secrets.token_urlsafe(12), "channels": [settings.KOLLUS_CHANNEL_KEY]}
    drm = {
        "site_id": settings.KOLLUS_DRM_SITE_ID,
        "site_key": settings.KOLLUS_DRM_SITE_KEY,
        "access_key": settings.KOLLUS_DRM_ACCESS_KEY,
    }
    sign_in = elsewhere.keys()
    world = sandbox.world(
        kollus=keys | library | {"drm": drm}, sign_in=elsewhere.known(sign_in, site_url=settings.SITE_URL)
    )
    _set(
        settings,
        STRIPE_SECRET_KEY=world.secret_key,
        STRIPE_PUBLISHABLE_KEY=world.publishable_key,
        STRIPE_WEBHOOK_SECRETS=[f"whsec_sandbox_{secrets.token_hex(8)}"],
        STRIPE_API_BASE=f"http://127.0.0.1:{sandbox.port}",
        STRIPE_JS_URL=f"http://stripe.localhost:{sandbox.port}/endive/stripe.js",
        KOLLUS_PLAYER_BASE=f"http://kollus.localhost:{sandbox.port}",
        KOLLUS_API_BASE=f"http://127.0.0.1:{sandbox.port}/kollus-api",
        KOLLUS_CUSTOM_KEY=keys["custom_key"],  # by which the sandbox's gateway finds the world
        KOLLUS_SECURITY_KEY=keys["security_key"],
        KOLLUS_LIBRARY_BASE=f"http://127.0.0.1:{sandbox.port}/kollus-api-0",
        KOLLUS_UPLOAD_BASE=f"http://upload.kollus.localhost:{sandbox.port}",
        KOLLUS_PASSTHROUGH_BASE=f"http://127.0.0.1:{sandbox.port}/kollus-upload/api/v1",
        KOLLUS_API_TOKEN=library["api_token"],
        SIGN_IN_PAGE_BASE=f"http://signin.localhost:{sandbox.port}",
        SIGN_IN_API_BASE=f"http://127.0.0.1:{sandbox.port}/sign-in-api",
        SIGN_IN_WITH=sign_in,
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=sandbox.smtp_port,
    )
    yield world
    # The sandbox would look for what falls due in it for ever; and Stripe's script, where it was to fail, is
    # asked for by a page, whose next test may be in another world.
    world.reset()


@pytest.fixture
def shop(live_server: LiveServer, world: "World", settings: Settings) -> Iterator[Shop]:
    """The shop at http://localhost:PORT; its world's webhooks and callbacks reach it while the test lasts."""
    quiet.open_door()
    port = live_server.thread.port
    url = f"http://localhost:{port}"
    _set(settings, SITE_URL=url, CSRF_TRUSTED_ORIGINS=[url])
    callbacks = f"http://127.0.0.1:{port}/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}"
    platform = f"http://127.0.0.1:{port}/callbacks/kollus/{settings.KOLLUS_PLATFORM_CALLBACK_SECRETS[0]}"
    world.configure(
        sign_in=elsewhere.known(settings.SIGN_IN_WITH, site_url=url),
        webhook={
            "url": f"http://127.0.0.1:{port}/webhooks/stripe/",
            "secrets": settings.STRIPE_WEBHOOK_SECRETS,
            "enabled_events": enabled_events.written_out(),
        },
        kollus={
            "play_callback_url": f"{callbacks}/play/",
            "lms_callback_url": f"{callbacks}/lms/",
            "lms_interval_seconds": 1,
            "platform_callback_urls": {
                kind: f"{platform}/{kind}/" for kind in ("upload", "transcoding", "update", "channel")
            },
        },
    )
    yield Shop(url=url, port=port, world=world)
    world.faults(webhooks={"pause": True})
    world.configure(kollus={"play_callback_url": "", "lms_callback_url": "", "platform_callback_urls": {}})
    quiet.close_door()


@pytest.fixture(scope="session")
def _worker(django_db_setup: None) -> Iterator[Any]:
    app.set_default()
    app.control.purge()
    with start_worker(app, pool="solo", perform_ping_check=False) as worker:
        _tell(app.control.cancel_consumer)
        yield worker


@pytest.fixture
def celery_worker(_worker: Any, transactional_db: None) -> Iterator[Any]:
    """A real worker on the real Redis, at work during this test only: no test's jobs run in another."""
    app.control.purge()
    _tell(app.control.add_consumer)
    yield _worker
    _tell(app.control.cancel_consumer)


def _tell(what: Callable[..., Any]) -> None:
    """Until the worker has heard it: one that has just begun may miss what it is told."""
    assert any(what(QUEUE, reply=True, limit=1, timeout=1) for _ in range(30)), "the worker is deaf"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium."""
    path = plugin.chromium()
    assert path, "no Chromium on the PATH: install it, or set CHROMIUM to one"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=[f"--disable-features={','.join(_TURNED_OFF)}"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a page in a fresh context; the keywords are Playwright's for a context, such as `viewport`.

    Nothing moves but the film, unless `reduced_motion` says otherwise: wheels are a tenth of Chromium's work.
    """
    if "shop" in request.fixturenames:
        request.getfixturevalue("shop")  # made before the pages, so that they are closed before it is
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        pinned = {
            "locale": "en-US",
            "timezone_id": "Asia/Seoul",
            "reduced_motion": "reduce",
            "viewport": {"width": 1440, "height": 900},
        }
        contexts.append(browser.new_context(**pinned | options))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page of 1440 by 900 in English."""
    return open_page()


def _set(settings: Settings, **values: Any) -> None:
    """All at once: set one by one, each is a layer that whoever asks for any setting has to pass."""
    override = override_settings(**values)
    override.enable()
    settings._to_restore.append(override)


def _content(video: "Video") -> dict[str, Any]:
    return {
        "mckey": video.media_content_key,
        "duration": video.duration_seconds,
        "title": video.title,
        "protection": video.protection,
        "upload_file_key": video.upload_file_key,
        "captions": ["English", "한국어"],
    }


def _person(name: str, **rights: bool) -> "User":
    from accounts.models import User

    return User.objects.create_user(f"{name}@example.com", None, name=name.title(), **rights)
