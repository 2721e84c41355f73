"""How the meter's status looks on the console: text for people from the status dict."""

_LOCK = {
    "no PIN": "no PIN is set: anyone here may change what protects the panel ('help pin')",
    "locked": "locked: 'unlock PIN' allows changes of what protects the panel",
    "open": "unlocked; 'lock' ends it",
}
NO_CHARGER = "no charger: set charger1.profile (see 'help charger1')\n"


def status_head(now):
    """The upper part of the status, line by line: who it is, and the currents."""
    yield "Headroom %s on %s, MicroPython %s, up %s, started by %s\n" % (
        now["version"],
        now["board"],
        now["micropython"],
        span(now["uptime_ms"]),
        now["cause"],
    )
    yield "%-4s %9s %9s %9s %9s\n" % ("", "current", "base", "limit", "headroom")
    for leg in now["legs"]:
        yield "%-4s %9s %9s %9s %9s\n" % (
            leg["name"],
            amperes(leg["ma"]),
            amperes(leg["base_ma"]),
            amperes(leg["limit_ma"]),
            amperes(leg["headroom_ma"]),
        )
    ev = amperes(now["ev_ma"]) if now["ev_ma"] >= 0 else "no CT"
    yield "%-4s %9s   measured %d ms ago\n" % ("EV", ev, now["reading_age_ms"])
    if "voltage" in now:
        from . import watts

        yield from watts.lines(now)
    if "planning" in now:
        from . import wishes

        yield wishes.line(now["planning"])
    yield "mains %d.%02d Hz, %d samples/s a channel, jitter %d us, lost %d\n" % (
        now["mains_mhz"] // 1000,
        now["mains_mhz"] % 1000 // 10,
        now["rate_hz"],
        now["jitter_us"],
        now["lost_frames"],
    )


def charger_line(charger):
    """What a charger may draw, and why."""
    return "%s%s: %s, %s for %s\n  limited by %s to %s; %s\n" % (
        charger["name"],
        " (%s)" % charger["mode"] if "mode" in charger else "",
        amperes(charger["allocation_ma"]),
        charger["reason"],
        span(charger["since_ms"]),
        charger["limited_by"],
        amperes(charger["fits_ma"]),
        charger["next"],
    )


def status_tail(now):
    """The lower part, line by line: faults, the settings in use, the lock."""
    for fault in now["faults"]:
        yield "FAULT %s\n" % fault
    yield "settings %s from %s%s%s\n" % (
        now["settings_hash"],
        now["settings"],
        "; " + now["settings_note"] if now["settings_note"] else "",
        "; changed and not saved" if now["unsaved"] else "",
    )
    yield _LOCK[now["lock"]] + "\n"


def charger(charger):
    """One charger in detail: its line, its counts, what it was told and what it says."""
    if "gpio" in charger:
        lines = _of_relay(charger)
    elif "asked" in charger:
        lines = _of_polled(charger)
    else:
        lines = _on_the_line(charger)
    if charger["reported_ma"] >= 0:
        lines.append("  reports a current of %s" % amperes(charger["reported_ma"]))
    lines.append("  failsafe %s" % charger["failsafe"])
    if charger["note"]:
        lines.append("  note: " + charger["note"])
    if charger["error"]:
        lines.append("  last error: " + charger["error"])
    return "\n".join(lines) + "\n"


def _on_the_line(charger):
    told = amperes(charger["offer_ma"]) if charger["offer_ma"] >= 0 else "nothing yet"
    return [
        "%s: %s at address %d, %s, state %s"
        % (
            charger["name"],
            charger["title"],
            charger["address"],
            "online" if charger["online"] else "OFFLINE",
            charger["state"],
        ),
        "  told %s (%s to %s), frames %d good, %d bad, setup registers written %d"
        % (
            told,
            amperes(charger["min_ma"]),
            amperes(charger["max_ma"]),
            charger["frames_ok"],
            charger["frames_bad"],
            charger["setup_writes"],
        ),
    ]


def _of_relay(charger):
    seen = "current may flow" if charger["state"] == "C" else "off"
    return [
        "%s: relay on GPIO %d, %s%s"
        % (
            charger["name"],
            charger["gpio"],
            "on" if charger["offer_ma"] else "off",
            "; by its read-back %s" % seen if charger["read_back"] else "",
        ),
        "  off, or %s; switched on %d times since the start"
        % (amperes(charger["max_ma"]), charger["starts"]),
    ]


def _of_polled(charger):
    return [
        "%s: polls this meter, has asked %d times; %s kept for it"
        % (charger["name"], charger["asked"], amperes(charger["kept_ma"]))
    ]


def energy(now):
    """Charge and estimated energy of every channel since the counters began, line by line."""
    yield "%-4s %12s %14s\n" % ("", "charge", "about, at %d V" % now["nominal_v"])
    for total in now["energy"]:
        tenths = total["wh_estimate"] // 100
        yield "%-4s %9d Ah %10d.%d kWh\n" % (
            total["name"],
            total["mah"] // 1000,
            tenths // 10,
            tenths % 10,
        )
    if "house" in now:
        from . import watts

        yield from watts.energy(now)


def amperes(ma):
    """Milliamperes as "12.3 A"."""
    sign = "-" if ma < 0 else ""
    tenths = (abs(ma) + 50) // 100
    return "%s%d.%d A" % (sign, tenths // 10, tenths % 10)


def span(ms):
    """A time span for people: the two largest units."""
    seconds = ms // 1000
    if seconds < 60:
        return "%d s" % seconds
    minutes = seconds // 60
    if minutes < 60:
        return "%d min %d s" % (minutes, seconds % 60)
    return "%d h %d min" % (minutes // 60, minutes % 60)
