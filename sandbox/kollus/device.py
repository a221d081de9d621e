"""What the player says about the machine it runs on. It keeps nothing there, so all of it is derived."""

import hashlib

_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Firefox", "Firefox"),
    ("Safari", "Safari"),
)


def player_id(user_agent: str, address: str) -> str:
    """Return the id of this player: the same for a browser at an address, another for any other."""
    return hashlib.sha256(f"{user_agent}\n{address}".encode()).hexdigest()[:32]


def system(user_agent: str) -> str:
    """Return the operating system or device as progress reports name it."""
    return _first(_SYSTEMS, user_agent)


def is_computer(system: str) -> bool:
    """Tell whether a system, as `system` names it, is none of a phone or a tablet."""
    return system not in ("iPhone", "iPad", "Android")


def model(user_agent: str) -> str:
    """Return `device_name`: the system with the browser, such as `Windows Chrome`."""
    return f"{system(user_agent)} {_first(_BROWSERS, user_agent)}"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in names if sign in user_agent), "Unknown")
