"""What a player's error number means to the person before it: one sentence, and one thing to do.

Source: the error table of Kollus' own player generator, https://github.com/kollus-service/kollus-player-
generator
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Remedy = Literal["renew", "reload", "reconnect", "none"]


@dataclass(frozen=True)
class PlayerError:
    """`codes` are the player's, as their absolute value; `remedy` is what the page does on a press.

    `reconnect` is done without a press too, once the network is back.
    """

    codes: tuple[int, ...]
    sentence: Promise
    remedy: Remedy = "renew"


_ERRORS = (
    PlayerError((4085, 8400, 8467), _("The link to the film had run out. We have a fresh one.")),
    PlayerError((8479, 3013), _("This film is playing somewhere else under your name. Stop it there, then go on here.")),
    PlayerError((8464,), _("Your limit of devices is reached. Write to us and we will free one."), "none"),
    PlayerError((3015,), _("Too many people are watching this film right now. Try again in a minute.")),
    PlayerError((1000, 404, 409, 604), _("This film needs the Kollus player. Start or install it, then press play again."), "reload"),
    PlayerError((1002, 1004, 1022), _("A screen recorder is running. Close it, then press play again.")),
    PlayerError((1005,), _("A remote desktop is connected. End it, then press play again.")),
    PlayerError((1019,), _("This film does not play inside a virtual machine."), "none"),
    PlayerError((1003,), _("An external display is connected. Disconnect it, then press play again.")),
    PlayerError((1001, 1016, 3007), _("This browser can't play the film. Open the page in a current Chrome, Edge, Firefox or Safari."), "none"),
    PlayerError((57208,), _("Turn on hardware acceleration in your browser's settings, then reload the page."), "reload"),
    PlayerError((8471,), _("This film may not be shown in the country you are in."), "none"),
    PlayerError((8664,), _("Your device's clock is wrong. Set it to the right time, then press play again.")),
    PlayerError((8673, 8675, 8674), _("Your right to watch this film has ended. Reload the page to see what you can do."), "reload"),
    PlayerError((8670, 8671, 8672, 10404, 10500, 10503, 10028), _("We could not confirm your purchase just now. Nothing is lost; try again in a moment.")),
    PlayerError((1018, 1020, 8006, 8007, 8018, 8028, 8056), _("The connection was lost. We go on where you stopped as soon as it is back."), "reconnect"),
    PlayerError((7028, 7101, 7102, 7103, 7104, 7105, 2001), _("The film's licence did not arrive. Try again; your purchase is safe.")),
    PlayerError((4012, 4021, 4022, 8503, 8504), _("The film is being looked after and will be back soon. Your purchase is safe."), "none"),
)  # fmt: skip


def sentences() -> tuple[PlayerError, ...]:
    """This will give the whole table, for the page to pick from by code."""
    return _ERRORS
