"""`meter calibrate`: with a clamp meter in hand, channel by channel."""

import time
from collections.abc import Callable

import typer

from meter.link import Link, Refused

SETTLE_S = 0.5


def calibrate(port: str, pin: str) -> None:
    """Ask for the clamp meter's reading of each channel, then save what the meter made of it."""
    with Link(port) as link:
        if pin:
            link.ask(f"unlock {pin}", 15)
        status = link.status()
        names = [leg["name"] for leg in status["legs"]]
        if status["ev_ma"] >= 0:
            names.append("EV")
        print("Hold a clamp meter around one conductor after the other, while a steady current of")
        print("10 A or more flows there. Enter alone leaves a channel as it is.")
        changed = [answer for name in names if (answer := _channel(link, name))]
        if "voltage" in status and (answer := _volts(link)):
            changed.append(answer)
        if not changed:
            print("Nothing was changed.")
            return
        print("\n".join(changed))
        if not typer.confirm("Save this and restart the meter?", default=True):
            link.ask("reboot")
            print("The meter restarts with what it had.")
            return
        status = link.restart("save")
        print(f"Saved; settings {status['settings_hash']}.")


def _channel(link: Link, name: str) -> str:
    """The meter's answer to a reading; "" if this channel is left."""
    return _reading(
        link, name, lambda: f"the meter shows {_amperes(link, name):.1f} A; the clamp meter"
    )


def _volts(link: Link) -> str:
    """The same of the voltage."""

    def shown() -> str:
        volts = link.status()["voltage"]["mv"] / 1000
        return f"the meter shows {volts:.1f} V; a voltmeter where its sensor is"

    return _reading(link, "V", shown)


def _reading(link: Link, name: str, shows: Callable[[], str]) -> str:
    """Ask until the meter takes it, or nothing is said."""
    while True:
        time.sleep(SETTLE_S)
        shown = typer.prompt(f"{name}: {shows()}", default="", show_default=False).strip()
        if not shown:
            return ""
        try:
            return link.ask(f"calibrate {name} {shown}")
        except Refused as refusal:
            print(f"  {refusal}")


def _amperes(link: Link, name: str) -> float:
    status = link.status()
    ma = {leg["name"]: leg["ma"] for leg in status["legs"]} | {"EV": status["ev_ma"]}
    return float(ma[name]) / 1000
