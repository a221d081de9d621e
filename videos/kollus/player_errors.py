"""What a player's error number means to the person before it: one sentence for each cause, and one thing to do.

Source: the error table of Kollus' own player generator, https://github.com/kollus-service/kollus-player-
generator
"""

from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Remedy = Literal["renew", "reload", "reconnect", "write"]
ONLY_WE: Final = "what is set wrong at our side only we can mend"
DEVICE: Final = "no button of a page makes another device of this one"


@dataclass(frozen=True)
class PlayerError:
    """`codes` are the player's, as their absolute value; "100xx" stands for a hundred of them. `remedy` is what
    the page does on a press; `reconnect` is done without one too, once the network is back.

    To `write` is for what has no remedy, and `why_no_remedy` says why.
    """

    codes: tuple[str, ...]
    sentence: Promise
    remedy: Remedy = "renew"
    why_no_remedy: str = ""


# The player's own store on the device, whatever of it fails; three of the hundred have a cause of their own.
_STORAGE = tuple(str(code) for code in range(8600, 8632) if code not in (8623, 8630, 8631))

_ERRORS = (
    # What has to be installed or is in the way on the device
    PlayerError(("404",), _("Something here blocks the player, an ad blocker perhaps. Allow it on this page, then reload."), "reload"),
    PlayerError(("409",), _("This film needs the Kollus player, which is not installed here. Install it, then reload the page."), "reload"),
    PlayerError(("604",), _("The player did not start. Reload the page."), "reload"),
    PlayerError(("1000",), _("The Kollus player on this computer does not answer. Start it or install it again, then reload the page."), "reload"),
    PlayerError(("1016",), _("This film plays in the installed Kollus player only; Windows N needs its Media Feature Pack too. Install it, then reload the page."), "reload"),
    PlayerError(("1001",), _("This browser can't play films. Open the page in a current Chrome, Edge, Firefox or Safari."), "write", DEVICE),
    PlayerError(("3007",), _("This browser is too old for the film. Update it, or open the page in a current one."), "write", DEVICE),
    PlayerError(("4084",), _("This film does not play on a device of this kind. Open the page on another one."), "write", DEVICE),
    PlayerError(("7106", "7107", "7108", "7109"), _("This device is too old for the film's protection; iOS 11 or Android 5 is the least. Open the page on a newer one."), "write", DEVICE),
    PlayerError(("57208",), _("Turn on hardware acceleration in your browser's settings, then reload the page."), "reload"),
    PlayerError(("8664",), _("Your device's clock is wrong. Set it to the right time, then press play again.")),
    # Recording, and what looks like it
    PlayerError(("1002",), _("A screen recorder is running. Close it, then press play again.")),
    PlayerError(("1003",), _("An external display is connected. Disconnect it, then press play again.")),
    PlayerError(("1004",), _("A browser extension here can record the screen. Turn it off, then reload the page."), "reload"),
    PlayerError(("1005",), _("A remote desktop is connected. End it, then press play again.")),
    PlayerError(("1019",), _("This film does not play inside a virtual machine. Open the page on the computer itself."), "write", DEVICE),
    PlayerError(("1022",), _("The player believes that something tries to download the film. Clear the browser's cache, then reload the page."), "reload"),
    PlayerError(("4032",), _("Playing is blocked for you because the player saw recording more than once. Write to us and we will look into it."), "write", "only we can lift it"),
    # One film, several screens
    PlayerError(("8479",), _("This film is playing somewhere else under your name. Stop it there, then go on here.")),
    PlayerError(("3013",), _("Your time for this film is over, or it plays on another device of yours. Stop it there, then play again.")),
    PlayerError(("1012", "3008"), _("Two players are open on this device. Close the other one, then press play again.")),
    PlayerError(("8464",), _("Your limit of devices is reached. Write to us and we will free one."), "write", "Kollus counts devices, and only we can free one there"),
    PlayerError(("3015",), _("Too many people are watching this film right now. Try again in a minute.")),
    PlayerError(("8804",), _("The player could not find out where else you are watching. Try again.")),
    # Links that ran out, and players that lost their way
    PlayerError(("4085",), _("The link to the film had run out. We have a fresh one.")),
    PlayerError(("8467",), _("The film's key had run out. We have a fresh one.")),
    PlayerError(("8400",), _("The film's server took the link for too old. We have a fresh one.")),
    PlayerError(("7000",), _("The film's licence has run out. Play again and a new one comes.")),
    PlayerError(("1011",), _("The player's guard did not start. Reload the page."), "reload"),
    PlayerError(("1014",), _("The browser has begun to call itself by another name. Turn off what imitates another device, then reload the page."), "reload"),
    PlayerError(("1017",), _("The player could not read the film's data. Reload the page."), "reload"),
    PlayerError(("3001", "3002", "3003", "3004", "3005", "3006"), _("The browser stumbled over the film's data. Play again; we go on where you stopped.")),
    PlayerError(("2001",), _("The player was restarted and has lost the film's licence. Play again and a new one comes.")),
    PlayerError(("7028",), _("The film's licence was too slow to arrive. Try again; your purchase is safe.")),
    PlayerError(("7101", "7102", "7103", "7104", "7105"), _("The film's licence did not come. Try again; your purchase is safe.")),
    # The network
    PlayerError(("1018",), _("The connection was lost. We go on where you stopped as soon as it is back."), "reconnect"),
    PlayerError(("1020",), _("Your connection is too slow for the film just now. We try again as soon as it is better."), "reconnect"),
    PlayerError(("3000",), _("The player can't reach the video service. We try again as soon as the network lets us."), "reconnect"),
    PlayerError(("8006",), _("Your network can't find the film's server. Check it, or try another network."), "reconnect"),
    PlayerError(("8007",), _("Your network does not let us through to the film's server. Try another network."), "reconnect"),
    PlayerError(("8018",), _("Part of the film was lost on its way. We go on where you stopped."), "reconnect"),
    PlayerError(("8028",), _("The film's server took too long to answer. We try again as soon as the network is better."), "reconnect"),
    PlayerError(("8035", "8066"), _("No secure connection to the film's server came about; a virus scanner or a hotel's network can be the reason. Try another network."), "reconnect"),
    PlayerError(("8056",), _("The film stopped coming in the middle. We go on where you stopped."), "reconnect"),
    # Access: what we, or the law, said no to
    PlayerError(("8673", "8675"), _("Your right to watch this film has ended. Reload the page to see what you can do."), "reload"),
    PlayerError(("8674",), _("This viewing has been ended. Reload the page to see why."), "reload"),
    PlayerError(("8686",), _("The time you could play this film is used up. Reload the page to see what you can do."), "reload"),
    PlayerError(("8471",), _("This film may not be shown in the country you are in."), "write", "the rights for it are not ours to give"),
    PlayerError(("8401", "8402", "8403"), _("The film's server did not let you in. Play again with a fresh link.")),
    PlayerError(("8465", "8466", "8468", "8469", "8470", "8472", "8475", "8476", "8477", "8478"), _("The film's key did not pass its check. Play again with a fresh one.")),
    PlayerError(("8480",), _("The film was asked for past the gate. Reload the page and play it from here."), "reload"),
    # The player asked us, and did not understand the answer
    PlayerError(("100xx",), _("The player could not reach us to confirm your purchase. Nothing is lost; try again in a moment.")),
    PlayerError(("104xx",), _("Our server turned the player's question away. Nothing is lost; try again in a moment.")),
    PlayerError(("105xx",), _("Our server stumbled over the player's question. Nothing is lost; try again in a moment.")),
    PlayerError(("8670",), _("We gave the player an empty answer about your purchase. Nothing is lost; try again in a moment.")),
    PlayerError(("8671",), _("The player could not unlock our answer about your purchase. Nothing is lost; try again in a moment.")),
    PlayerError(("8672",), _("The player could not read our answer about your purchase. Nothing is lost; try again in a moment.")),
    PlayerError(("8632", "8633"), _("The player could not read what the film is made of. Try again in a moment.")),
    PlayerError(("8900",), _("The video service gave an answer that makes no sense. Try again in a moment.")),
    PlayerError(("8481", "8482"), _("The film's server has trouble with its own store. Try again in a moment.")),
    PlayerError(("8500", "8501", "8502", "8505"), _("The film's server has stumbled. Try again in a moment.")),
    PlayerError(("8503", "8504"), _("The video service is being looked after and will be back soon. Your purchase is safe.")),
    PlayerError(("3012",), _("This is live, and not on air at the moment. Try again when it begins.")),
    # What only we can mend: the words name the cause, and a message to us is ready
    PlayerError(("1007",), _("The film's address is not a web address. That is our mistake; write to us."), "write", ONLY_WE),
    PlayerError(("4001",), _("The video service does not know this film by the key we gave. Write to us."), "write", ONLY_WE),
    PlayerError(("4002",), _("The video service does not accept our security key. Write to us."), "write", ONLY_WE),
    PlayerError(("4003",), _("The video service does not know our channel. Write to us."), "write", ONLY_WE),
    PlayerError(("4004",), _("The video service does not know our account. Write to us."), "write", ONLY_WE),
    PlayerError(("4005",), _("The film's file is not where the video service looks for it. Write to us."), "write", ONLY_WE),
    PlayerError(("4006",), _("The short name of this film is unknown to the video service. Write to us."), "write", ONLY_WE),
    PlayerError(("4007",), _("The video service could not verify our signature. Write to us."), "write", ONLY_WE),
    PlayerError(("4008",), _("The video service did not accept the film's token. Write to us."), "write", ONLY_WE),
    PlayerError(("4011",), _("The film is not ready in a form that this player can show. Write to us."), "write", ONLY_WE),
    PlayerError(("4012",), _("The video service has no such film any more. Write to us."), "write", ONLY_WE),
    PlayerError(("4013",), _("The film has no owner at the video service. Write to us."), "write", ONLY_WE),
    PlayerError(("4014",), _("Nobody is named at the video service as showing this film. Write to us."), "write", ONLY_WE),
    PlayerError(("4015",), _("The film is in no channel of the video service. Write to us."), "write", ONLY_WE),
    PlayerError(("4016",), _("Our contract with the video service does not cover this film. Write to us."), "write", ONLY_WE),
    PlayerError(("4019",), _("The video service knows no site of ours. Write to us."), "write", ONLY_WE),
    PlayerError(("4020",), _("Only the opening of the film was sent, not the film. Write to us."), "write", ONLY_WE),
    PlayerError(("4021",), _("The film's file is being looked after. Your purchase is safe; write to us if it takes long."), "write", ONLY_WE),
    PlayerError(("4022",), _("The film is being looked after. Your purchase is safe; write to us if it takes long."), "write", ONLY_WE),
    PlayerError(("4023",), _("The film's owner is suspended at the video service. Your purchase is safe; write to us."), "write", ONLY_WE),
    PlayerError(("4024",), _("We are suspended at the video service just now. Your purchase is safe; write to us."), "write", ONLY_WE),
    PlayerError(("4025",), _("The film's channel is suspended at the video service. Your purchase is safe; write to us."), "write", ONLY_WE),
    PlayerError(("4026",), _("The leave by which we show this film is suspended. Your purchase is safe; write to us."), "write", ONLY_WE),
    PlayerError(("4031",), _("The video service does not know this page as one of ours. Write to us."), "write", ONLY_WE),
    PlayerError(("4081",), _("The film was linked as shared, but its channel is not. Write to us."), "write", ONLY_WE),
    PlayerError(("4082",), _("The link names another account than the film's. Write to us."), "write", ONLY_WE),
    PlayerError(("4083",), _("The link names no film. Write to us."), "write", ONLY_WE),
    PlayerError(("7001",), _("The film's protection has a wrong key. Write to us."), "write", ONLY_WE),
    PlayerError(("8404",), _("The film is not on the server that should have it. Write to us."), "write", ONLY_WE),
    PlayerError(("8461",), _("The film's server could not read the link. Write to us."), "write", ONLY_WE),
    PlayerError(("8462",), _("The film's server could not tell where you are connected from. Write to us."), "write", ONLY_WE),
    PlayerError(("8463",), _("The film lies where this link may not look. Write to us."), "write", ONLY_WE),
    PlayerError(("8473",), _("The film's server does not know our account. Write to us."), "write", ONLY_WE),
    PlayerError(("8474",), _("The film is not released on its server. Write to us."), "write", ONLY_WE),
    # Copies kept on the device
    PlayerError(_STORAGE, _("The player could not use this device's storage. Restart the player, then try again.")),
    PlayerError(("8623",), _("This device is full. Make room on it, then try again.")),
    PlayerError(("8630",), _("This film is for watching here, not for keeping on the device. Press play.")),
    PlayerError(("8631",), _("The film is being downloaded already. Play it when that is done.")),
    PlayerError(("8634",), _("The player could not unlock our answer about the copy on your device. Nothing is lost; try again in a moment.")),
    PlayerError(("8635",), _("The player could not read our answer about the copy on your device. Nothing is lost; try again in a moment.")),
    PlayerError(("8636",), _("Our answer about the copy on your device named no day that makes sense. Write to us."), "write", ONLY_WE),
    PlayerError(("8643",), _("The copy on your device has passed its day. Play the film here.")),
    PlayerError(("8644",), _("The copy on your device has been played as often as it may. Play the film here.")),
    PlayerError(("8683",), _("The playing time of the copy on your device is used up. Play the film here.")),
    PlayerError(("8650",), _("This film can't be kept on a device. Play it here.")),
    PlayerError(("8651",), _("We gave the player an empty answer about the copy on your device. Nothing is lost; try again in a moment.")),
    PlayerError(("8655",), _("You may not download this film just now. Reload the page to see why."), "reload"),
    PlayerError(("8656",), _("The finished download could not be confirmed. Play the film here, or download it again.")),
    PlayerError(("8657",), _("Your right to the copy on your device has ended. Reload the page to see what you can do."), "reload"),
    PlayerError(("8658",), _("The copy on your device has been ended. Reload the page to see why."), "reload"),
    PlayerError(("8680",), _("The copy on your device has been taken back. Reload the page to see why."), "reload"),
    PlayerError(("8681",), _("Our answer belonged to another question of the player's. Try again in a moment.")),
    PlayerError(("8682",), _("We did not answer for every copy on your device. Try again in a moment.")),
    PlayerError(("8687",), _("The copy on your device has to be checked. Go online, then press play again."), "reconnect"),
    PlayerError(("8803",), _("The opening can't be downloaded. Play the film here.")),
    PlayerError(("7002",), _("The licence of the copy on your device has run out. Play the film here.")),
    PlayerError(("9000",), _("You have this film on the device already. Play it there."), "write", "the copy is in the player, where a page has no say"),
    PlayerError(("90xx",), _("The player could not reach us about the copy on your device. Nothing is lost; try again in a moment.")),
    PlayerError(("94xx",), _("Our server turned away the player's question about the copy on your device. Try again in a moment.")),
    PlayerError(("95xx",), _("Our server stumbled over the player's question about the copy on your device. Try again in a moment.")),
)  # fmt: skip


def sentences() -> tuple[PlayerError, ...]:
    """This will give the whole table, for the page to pick from by code."""
    return _ERRORS


def sentence_of(code: str) -> str:
    """This will give the sentence that stood in the page: the code's own, its hundred's, or the last."""
    all_of_them = sentences()
    for word in (code, f"{code[:-2]}xx"):
        for error in all_of_them:
            if word in error.codes:
                return str(error.sentence)
    return str(next(error.sentence for error in all_of_them if "other" in error.codes))
