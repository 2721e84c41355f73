"""The whole meter on the chip: it starts, answers, charges, reacts, and holds nothing up."""

import json

import pytest

from lab.bench.metering import on_chip
from lab.chip.rig import BREAKER_A, LIMIT_A, OFFER_A, SETTINGS, WATCH, Rig

COLLECTION_MS = 45  # what a collection of garbage may hold the loop: see the bench for the figure
STEP_MS = 10  # what a step of the console may, which may meet a collection
PAGE_MS = 65  # what a page that asks five times a second may: half of what the UART's buffer holds
LOADING_MS = 60  # what loading a command's module, at its first use, may hold it besides


def test_it_answers_over_usb(meter):
    told = json.loads(meter.ask("json status"))
    assert told["micropython"] >= "1.28"
    assert (told["good"], told["faults"], told["lost_frames"]) == (True, [], 0)
    limits = [leg["limit_ma"] for leg in told["legs"]]
    assert limits == [LIMIT_A * 1000] * 2
    for leg, amperes in zip(told["legs"], (40, 30), strict=True):
        assert abs(leg["ma"] - amperes * 1000) < 60  # half a count and 0.1 %
    assert told["chargers"][0]["offer_ma"] == OFFER_A * 1000
    assert "L1" in meter.ask("status")


@pytest.mark.slow
def test_memory_is_left(image, firmware):
    """A meter that charges, with nothing of the rig's in memory but what prints this."""
    rig = Rig(image, firmware, SETTINGS, hooks="")
    rig.set_currents(BREAKER_A / 2, BREAKER_A / 2, 0)
    rig.start()
    rig.until_told(6)
    rig.chip.run_ms(1000)
    free = rig.heap_free()
    print(f"heap left: {free} bytes")
    assert free > 34_000


def test_a_step_above_the_rating_is_answered_in_time(meter):
    """Heidelberg at 19200 baud. The goal is p99 under 100 ms."""
    ms = on_chip.reactions(meter, on_chip.STEPS)
    print("step to first byte, ms:", " ".join(f"{value:.1f}" for value in sorted(ms)))
    assert max(ms) < 100


def test_the_lower_limit_is_right(meter):
    """Base load 24 + 70 A, headroom negative: the charger's minimum, held within the budget."""
    began_ns = meter.chip.ns
    meter.set_currents(BREAKER_A + 10, 30, OFFER_A)
    meter.chip.run_ms(300)
    frame = meter.wallbox.limits(began_ns)[0]
    assert frame.data[:6].hex() == "01060105003c"
    assert meter.wallbox.damaged == 0
    assert meter.wallbox.holding[261] == 60


def test_it_falls_to_what_the_limit_leaves(meter):
    """Below the rating, above the limit: 70 A of base load leave 10 A of 80."""
    meter.set_currents(70 + OFFER_A, 30, OFFER_A)
    meter.chip.run_ms(700)
    told_a = meter.wallbox.holding[261] / 10
    assert 9.0 <= told_a <= 10.0


def test_the_steady_state_takes_nothing_from_the_heap(meter):
    assert on_chip.steady_without_heap(meter), meter.ask("status")


def test_what_metering_costs(meter):
    figures = on_chip.cost(meter)
    print(figures)
    assert abs(figures["samples_per_s_per_channel"] - 7680) < 8
    assert figures["busy_share"] < 0.8
    assert figures["hold_ms_max"] < COLLECTION_MS


def test_a_page_that_watches_holds_nothing_up(meter):
    held_ms = on_chip.page_hold_ms(meter)
    print(f"held for {held_ms:.1f} ms while the page watches")
    assert held_ms < PAGE_MS


def test_a_host_that_does_not_read_holds_nothing_up(meter):
    meter.chip.usb_controller.reading = False
    meter.edge(WATCH)
    meter.chip.usb.send(b"status\r")
    meter.chip.run_ms(600)
    print(f"held for {on_chip.hold_ms(meter):.1f} ms")
    assert on_chip.hold_ms(meter) < COLLECTION_MS + LOADING_MS
    meter.chip.usb_controller.reading = True
    meter.chip.run_ms(300)
    assert "FAULT" not in meter.ask("status")
