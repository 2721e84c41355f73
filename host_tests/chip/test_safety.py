"""What happens when the next line hangs or raises, or somebody stops it: rule 6 on the chip."""

import sys

import pytest

from lab.chip import repl
from lab.chip.chip import EXPIRED, FORCED
from lab.chip.port import Port
from lab.chip.rig import FALLBACK_A, HANG, OFFER_A, RAISE

WATCHDOG_MS = 8000  # boards/pico/board.py
GUARD_MS = 200  # the watchdog was fed at most that long before
SERVICE_MS = 20_000  # more than twice what the watchdog waits
FALLBACK_MA = FALLBACK_A * 1000
REPL_PROMPT = b">>> "


def stop(rig):
    """Ctrl-C at the console; gives the moment."""
    began_ns = rig.chip.ns
    rig.chip.usb.output.clear()
    rig.chip.usb.send(b"\x03")
    rig.chip.run_until(lambda: rig.chip.usb.output.endswith(REPL_PROMPT))
    return began_ns


def hang(rig):
    began_ns = rig.chip.ns
    rig.edge(HANG)
    rig.chip.run_until(lambda: rig.chip.resets, 2 * WATCHDOG_MS, step_ms=20)
    return began_ns


def test_a_hang_ends_in_a_reset_by_the_watchdog(meter):
    began_ns = hang(meter)
    [(at_ns, why)] = meter.chip.resets
    assert why == EXPIRED
    assert WATCHDOG_MS - GUARD_MS <= (at_ns - began_ns) / 1e6 <= WATCHDOG_MS + 10
    assert meter.wallbox.limits(began_ns) == [], "nobody keeps the charger alive meanwhile"


@pytest.mark.slow
def test_after_the_reset_it_starts_safely(meter):
    """The minimum, not what was allowed before; it says why it started."""
    hang(meter)
    restarted_ns = meter.chip.ns
    meter.chip.usb.output.clear()
    meter.start()
    meter.chip.run_ms(1500)
    told = [frame.limit_ma for frame in meter.wallbox.limits(restarted_ns)]
    assert told
    assert max(told) <= FALLBACK_MA < OFFER_A * 1000
    assert '"cause": "watchdog' in meter.ask("json status")
    assert "a hang or a crash" in meter.ask("log")


def test_an_exception_in_a_task_tells_the_fallback_then_resets(meter):
    began_ns = meter.chip.ns
    meter.edge(RAISE)
    meter.chip.run_until(lambda: meter.chip.resets, 6000)
    [(at_ns, why)] = meter.chip.resets
    assert why == FORCED
    assert at_ns - began_ns < 4.5e9
    limits = meter.wallbox.limits(began_ns)
    assert limits
    assert {frame.limit_ma for frame in limits} == {FALLBACK_MA}
    assert limits[0].start_ns - began_ns < 500e6
    assert meter.wallbox.holding[261] == FALLBACK_MA // 100


def test_ctrl_c_tells_the_fallback_and_leaves_the_board_reachable(meter):
    began_ns = stop(meter)
    limits = meter.wallbox.limits(began_ns)
    assert limits
    assert {frame.limit_ma for frame in limits} == {FALLBACK_MA}
    repl.run(meter.chip, "import gc; gc.collect()")
    meter.chip.run_ms(SERVICE_MS)
    assert meter.chip.resets == []


@pytest.mark.slow
def test_a_meter_that_hangs_after_ctrl_c_and_ctrl_d_is_reset(meter):
    """The timer that fed the watchdog for mpremote feeds it no longer."""
    stop(meter)
    meter.chip.usb.output.clear()
    meter.chip.usb.send(b"\x04")
    meter.start()
    hang(meter)
    [(_, why)] = meter.chip.resets
    assert why == EXPIRED


@pytest.mark.slow
def test_with_a_pin_neither_ctrl_c_nor_a_restart_gives_the_prompt(meter):
    """Whoever leans on Ctrl-C stops nothing, while it runs and while it starts; the PIN does."""
    meter.ask("pin 4321", 20_000)
    meter.ask("lock")
    usb = meter.chip.usb
    usb.output.clear()
    usb.send(b"\x03")
    meter.chip.run_until(lambda: b"'unlock PIN' first" in usb.output)
    usb.output.clear()
    usb.send(b"reboot\r")
    meter.chip.run_until(lambda: meter.chip.resets, 6000)
    repl.wait(meter.chip)
    for _ in range(800):
        usb.send(b"\x03")
        meter.chip.run_ms(3)
    meter.chip.run_until(lambda: b"'unlock PIN' first" in usb.output, 30_000)
    meter.chip.run_ms(2000)
    assert REPL_PROMPT not in usb.output
    assert b"KeyboardInterrupt" not in usb.output
    said = -1
    while said < len(usb.output):  # a Ctrl-C that is still to be answered would end the next line
        said = len(usb.output)
        meter.chip.run_ms(1000)
    meter.ask("unlock 4321", 20_000)
    stop(meter)


def test_mpremote_works_on_a_stopped_meter_past_a_soft_reset(meter):
    """The watchdog, once started, can't be stopped: boot.py feeds it for mpremote."""
    stop(meter)
    meter.chip.usb.output.clear()
    port = Port(meter.chip)
    mpremote = sys.executable, "-m", "mpremote", "connect", port.path
    for _ in range(2):
        status, said = port.run(*mpremote, "soft-reset", "exec", "print(6 * 7)")
        assert (status, said.strip()) == (0, "42")
        meter.chip.run_ms(SERVICE_MS)
        assert meter.chip.resets == []
    assert repl.run(meter.chip, "import os; print('data' in os.listdir())") == "True\n"
