"""Places in which a film may be opened, and what each is to be told before anybody pays.

Written by hand. "no" is said only where the film cannot play, "yes" only where it can; the rest is "unknown".
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

# Of the browser when asked for a key system; "" has not come yet. With one, where the film demands something
# of the display: "weak" where that does not have it, "untold" where the browser does not tell.
Answer = Literal["yes", "weak", "untold", "no", "missing", ""]

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
OLD = "Mozilla/5.0 (Windows NT 6.1; rv:36.0) Gecko/20100101 Firefox/36.0"
ANCIENT = "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
CHROMEBOOK = "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)"
PHONE = "Mozilla/5.0 (Linux; Android 10; K)"
WEBVIEW = "Mozilla/5.0 (Linux; Android 14; SM-S921N Build/UP1A; wv)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)"
IPAD = "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
SAFARI = f"{WEBKIT} Version/18.5 Safari/605.1.15"
MOBILE_SAFARI = f"{WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1"
IN_WEBVIEW = "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36"


@dataclass(frozen=True)
class Place:
    """A browser, and the film's protection in it. `verdict` names the sentence that the page shows."""

    verdict: str
    user_agent: str
    answer: Answer = "yes"
    protection: str = "multi_drm"
    is_secure: bool = True
    is_delegated: bool | None = None  # None where the browser does not tell
    plays_mp4: bool = True
    touch_points: int = 0
    has_own_keys: bool = False  # WebKit's older way to a key, beside the standard's

    @property
    def seen(self) -> dict[str, Any]:
        """What the page's script finds out of it."""
        return {name: value for name, value in asdict(self).items() if name != "verdict"}


def protected(verdict: str, *user_agent: str, **changes: Any) -> Place:
    return Place(verdict, " ".join(user_agent), **changes)


def plain(verdict: str, *user_agent: str, **changes: Any) -> Place:
    return Place(verdict, " ".join(user_agent), protection="none", **changes)


def kollus(verdict: str, *user_agent: str, **changes: Any) -> Place:
    return Place(verdict, " ".join(user_agent), protection="kollus", **changes)


WIDEVINE, PLAYREADY, FAIRPLAY = (
    "com.widevine.alpha",
    "com.microsoft.playready.recommendation",
    "com.apple.fps",
)

PLACES = [
    # Browsers that have a key system, at home
    protected("yes", WINDOWS, BLINK, "Safari/537.36"),
    protected("yes", WINDOWS, BLINK, "Safari/537.36 Edg/140.0.0.0"),
    protected("yes", WINDOWS, BLINK, "Safari/537.36 OPR/124.0.0.0"),
    protected("yes", WINDOWS, BLINK, "Safari/537.36 Whale/4.33.0.0"),
    protected("yes", "Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0"),
    protected("yes", MAC, BLINK, "Safari/537.36"),
    protected("yes", MAC, BLINK, "Safari/537.36 Edg/140.0.0.0"),
    protected("yes", MAC, SAFARI),
    protected("yes", LINUX, BLINK, "Safari/537.36"),
    protected("yes", LINUX, BLINK, "Safari/537.36 Edg/140.0.0.0"),
    protected("yes", CHROMEBOOK, BLINK, "Safari/537.36"),
    protected("yes", PHONE, BLINK, "Mobile Safari/537.36", touch_points=5),
    protected("yes", PHONE, BLINK, "Mobile Safari/537.36 EdgA/140.0.0.0", touch_points=5),
    protected("yes", PHONE, "AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"),
    protected("yes", "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0"),
    protected("yes", IPAD, MOBILE_SAFARI, touch_points=5),
    protected("yes", MAC, SAFARI, touch_points=5),  # an iPad that says it is a Mac
    protected("yes", WINDOWS, BLINK, "Safari/537.36", is_delegated=True),
    # A phone whose full screen is its own
    protected("yes-phone", IPHONE, MOBILE_SAFARI, touch_points=5),
    protected("yes-phone", IPHONE, WEBKIT, "Version/18.5 EdgiOS/140.0.0.0 Mobile/15E148 Safari/605.1.15"),
    plain("yes-phone", IPHONE, MOBILE_SAFARI, touch_points=5),
    # The copy protection is off or missing
    protected("no-keys", LINUX, BLINK, "Safari/537.36", answer="no"),
    protected("no-keys", WINDOWS, BLINK, "Safari/537.36", answer="no"),
    protected("no-keys", FIREFOX, answer="no"),
    protected("no-keys", FIREFOX, answer="missing"),
    protected("no-keys", OLD, answer="missing"),
    protected("no-keys", PHONE, BLINK, "Mobile Safari/537.36", answer="no", touch_points=5),
    # Apple's engine may have its own way to a key: a "no" of the standard's proves nothing
    protected("unknown", MAC, SAFARI, answer="no"),
    protected("unknown", MAC, SAFARI, answer="missing", has_own_keys=True),
    protected("unknown", IPHONE, WEBKIT, "CriOS/140.0.0.0 Mobile/15E148 Safari/604.1", answer="missing"),
    protected("unknown", IPHONE, WEBKIT, "FxiOS/143.0 Mobile/15E148 Safari/605.1.15", answer="no"),
    protected("unknown", IPAD, MOBILE_SAFARI, answer="missing", has_own_keys=True, touch_points=5),
    # The browser has not answered yet
    protected("unknown", WINDOWS, BLINK, "Safari/537.36", answer=""),
    protected("unknown", IPHONE, MOBILE_SAFARI, answer="", touch_points=5),
    # The film demands something of the display
    protected("no-display", WINDOWS, BLINK, "Safari/537.36", answer="weak"),
    protected("no-display", MAC, SAFARI, answer="weak"),
    protected("unknown", WINDOWS, BLINK, "Safari/537.36 Edg/140.0.0.0", answer="untold"),
    protected("unknown", IPHONE, MOBILE_SAFARI, answer="untold", touch_points=5),
    protected("unknown", WEBVIEW, IN_WEBVIEW, "KAKAOTALK/10.8.3 (INAPP)", answer="untold"),
    # Inside another app, which may or may not let a film in
    protected("no-app", WEBVIEW, IN_WEBVIEW, "KAKAOTALK/10.8.3 (INAPP)", answer="no"),
    protected("no-app", WEBVIEW, IN_WEBVIEW, "NAVER(inapp; search; 1010; 12.9.0)", answer="no"),
    protected("no-app", WEBVIEW, IN_WEBVIEW, "Instagram 340.0.0.22.109 Android", answer="no"),
    protected("no-app", WEBVIEW, IN_WEBVIEW, "[FB_IAB/FB4A;FBAV/470.0.0.0;]", answer="missing"),
    protected("no-app", WEBVIEW, IN_WEBVIEW, answer="no"),
    protected("unknown", WEBVIEW, IN_WEBVIEW, "KAKAOTALK/10.8.3 (INAPP)"),
    protected("unknown", WEBVIEW, IN_WEBVIEW, "Line/14.9.0/IAB"),
    protected("unknown", IPHONE, WEBKIT, "Mobile/15E148 KAKAOTALK/10.8.3 (INAPP)", answer="missing"),
    protected("unknown", IPHONE, WEBKIT, "Mobile/15E148 Instagram 340.0.0.22.109", answer="no"),
    protected("unknown", IPHONE, WEBKIT, "Mobile/15E148"),  # any app's own window
    plain("yes", WEBVIEW, IN_WEBVIEW, "KAKAOTALK/10.8.3 (INAPP)", answer="no"),
    # Around the page
    protected("no-https", WINDOWS, BLINK, "Safari/537.36", answer="missing", is_secure=False),
    protected("no-https", MAC, SAFARI, answer="missing", is_secure=False),
    protected("no-frame", WINDOWS, BLINK, "Safari/537.36", answer="no", is_delegated=False),
    protected("no-frame", WINDOWS, BLINK, "Safari/537.36", is_delegated=False),
    plain("yes", WINDOWS, BLINK, "Safari/537.36", answer="missing", is_secure=False),
    plain("yes", WINDOWS, BLINK, "Safari/537.36", is_delegated=False),
    # Films without protection
    plain("yes", LINUX, BLINK, "Safari/537.36", answer="no"),
    plain("yes", FIREFOX, answer=""),
    plain("no-video", ANCIENT, answer="missing", plays_mp4=False),
    # Films for Kollus' own player: whether it is installed, no page can know
    kollus("install", WINDOWS, BLINK, "Safari/537.36"),
    kollus("install", MAC, SAFARI, answer="missing"),
    kollus("install", PHONE, BLINK, "Mobile Safari/537.36", answer=""),
    kollus("install", IPHONE, MOBILE_SAFARI, answer="no"),
    kollus("install", WINDOWS, BLINK, "Safari/537.36", is_secure=False),
    kollus("no-player", LINUX, BLINK, "Safari/537.36"),
    kollus("no-player", CHROMEBOOK, BLINK, "Safari/537.36"),
]  # fmt: skip

# Of these a page is opened, with the key systems that such a browser has.
ON_A_PAGE = [
    (protected("yes", MAC, BLINK, "Safari/537.36"), WIDEVINE),
    (protected("yes", WINDOWS, BLINK, "Safari/537.36 Edg/140.0.0.0"), PLAYREADY),
    (protected("yes", PHONE, BLINK, "Mobile Safari/537.36 EdgA/140.0.0.0"), WIDEVINE),
    (protected("yes-phone", IPHONE, MOBILE_SAFARI), FAIRPLAY),
    (protected("unknown", IPHONE, WEBKIT, "Mobile/15E148 KAKAOTALK/10.8.3 (INAPP)", answer="no"), ""),
    (protected("no-app", WEBVIEW, IN_WEBVIEW, "NAVER(inapp; search; 1010; 12.9.0)", answer="no"), ""),
    (protected("no-keys", FIREFOX, answer="no"), PLAYREADY),
    (protected("no-frame", WINDOWS, BLINK, "Safari/537.36", is_delegated=False), WIDEVINE),
    (protected("no-https", WINDOWS, BLINK, "Safari/537.36", is_secure=False), WIDEVINE),
]
