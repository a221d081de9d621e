"""Kollus' own duplicate block: on how many devices one viewer may play, and on how many at once.

Off until Catenoid switches it on, here by the fault `duplicates`: `{"policy": …, "devices": n}`. Keyed on the
viewer and the player's id; the shop is not asked. The console lists the devices, forgets them and closes one.
Source: https://docs.kollus.com/en/service-guide/vod/security/duplicate-block/
"""

from dataclasses import dataclass
from typing import Any, Self

from sandbox.kollus import starts, switches
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.starts import Start
from sandbox.worlds import Json, World

KIND = "kollus.device"
_ONE, _REGISTERED, _BOTH = "one", "registered", "one_of_registered"
_MOST_DEVICES = 10


@dataclass(frozen=True)
class Policy:
    """`devices` is how many may be registered, 0 for any number."""

    is_one_at_a_time: bool
    devices: int

    @classmethod
    def read(cls, told: Any) -> Self:
        """Read what the controls set. :raises ValueError: it makes no sense."""
        if not told:
            return cls(False, 0)
        name, devices = told.get("policy"), told.get("devices", 1)
        if name not in (_ONE, _REGISTERED, _BOTH) or not 1 <= devices <= _MOST_DEVICES:
            raise ValueError(
                "duplicates needs a policy (one, registered, one_of_registered) and 1 to 10 devices"
            )
        return cls(name != _REGISTERED, 0 if name == _ONE else int(devices))


def check(world: World, start: Start) -> None:
    """Return if this device may start. :raises PlayerError: too many devices, or another one plays."""
    policy = Policy.read(world.faults.value("kollus", "duplicates"))
    try:
        with world.lock:
            if policy.devices:
                _register(world, start, at_most=policy.devices)
            if policy.is_one_at_a_time:
                _be_alone(world, start)
    except PlayerError as error:
        starts.change(world, start, stopped=error.code)
        raise


def close(world: World, start_id: str) -> None:
    """Stop a player from the console. :raises ValueError: there is none."""
    start = world.get(starts.KIND, start_id)
    if start is None:
        raise ValueError("There is no such start.")
    starts.change(world, start, stopped=switches.CLOSED_CODE)


def forget(world: World, cuid: str) -> None:
    """Forget a viewer's devices: he may register others. Again: nothing changes."""
    with world.lock:
        for device in _devices(world, cuid):
            world.remove(KIND, device["id"])


def _register(world: World, start: Start, *, at_most: int) -> None:
    known = _devices(world, start["cuid"])
    if any(device["player_id"] == start["player_id"] for device in known):
        return
    if len(known) >= at_most:
        raise PlayerError(8464, f"the viewer has {len(known)} devices already")
    told = {name: start[name] for name in ("cuid", "player_id", "device_name", "at")}
    identity = f"{start['cuid']}.{start['player_id']}"
    world.put(KIND, identity, {"id": identity, **told})


def _be_alone(world: World, start: Start) -> None:
    others = [
        each
        for each in world.all(starts.KIND)
        if each["cuid"] == start["cuid"] and each["player_id"] != start["player_id"]
    ]
    for other in others:
        if starts.is_playing(world, other):
            if switches.SECOND_DEVICE_IS_REFUSED:
                raise PlayerError(8479, "the same viewer plays on another device")
            starts.change(world, other, stopped=8479)


def _devices(world: World, cuid: str) -> list[Json]:
    return [device for device in world.all(KIND) if device["cuid"] == cuid]
