"""The served chargers, over their pty, against recorded frames and the makers' documents."""

import asyncio

import pytest
from pymodbus.client import AsyncModbusSerialClient

from lab.lockstep import loop as virtual
from lab.sim.chargers import MODELS, EvseWb, Heidelberg, Relay
from lab.sim.chargers.in_memory import InMemory
from lab.sim.chargers.served import ServedCharger
from lab.sim.frames import crc16
from lab.sim.ports import PseudoTerminal

ILLEGAL_ADDRESS, ILLEGAL_VALUE = 2, 3


class Clock:
    """Time that only passes when told."""

    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


def serve(model, dialog):
    """Run the coroutine function `dialog(terminal, served)` with the charger booted and served."""

    async def run():
        terminal = PseudoTerminal()
        served = ServedCharger(model, terminal.path)
        try:
            await served.start(ago_s=3600)
            return await dialog(terminal, served)
        finally:
            await served.stop()
            terminal.close()

    return asyncio.run(run())


async def ask(terminal, request, patience=100):
    """Send a frame in hex; the answer in hex, empty if none comes."""
    terminal.write(bytes.fromhex(request))
    heard = b""
    for _ in range(patience):
        await asyncio.sleep(0.005)
        if not (more := terminal.read()) and heard:
            break
        heard += more
    return heard.hex(" ").upper()


RECORDED = [
    ("01 10 01 02 00 01 02 00 04 B6 B1", "01 10 01 02 00 01 A1 F5"),
    ("01 03 01 01 00 01 D4 36", "01 03 02 3A 98 AB 4E"),
    ("01 06 01 05 00 A0 98 4F", "01 06 01 05 00 A0 98 4F"),
    ("01 06 01 05 00 00 98 37", "01 06 01 05 00 00 98 37"),
    ("01 06 01 06 00 3C 68 26", "01 06 01 06 00 3C 68 26"),
]


@pytest.mark.parametrize(("request_hex", "reply_hex"), RECORDED)
def test_heidelberg_answers_recorded_frames(clock, request_hex, reply_hex):
    model = Heidelberg(clock=clock)
    assert serve(model, lambda terminal, _: ask(terminal, request_hex)) == reply_hex


def test_heidelberg_at_address_2_without_a_car_is_in_state_a1(clock):
    model = Heidelberg(address=2, clock=clock)
    model.plugged = False

    async def dialog(terminal, _):
        return [
            await ask(terminal, "02 04 00 05 00 01 21 F8"),
            await ask(terminal, "02 03 01 05 00 01 95 C4"),
            await ask(terminal, "01 03 01 01 00 01 D4 36", patience=10),
        ]

    assert serve(model, dialog) == ["02 04 02 00 02 7C F1", "02 03 02 00 00 FC 44", ""]


def through_pymodbus(model, dialog):
    """Like `serve`, with pymodbus's own client at the far end: a second implementation."""

    async def run(terminal, served):
        client_end = PseudoTerminal()
        loop = asyncio.get_running_loop()
        loop.add_reader(client_end.fd, lambda: terminal.write(client_end.read()))
        loop.add_reader(terminal.fd, lambda: client_end.write(terminal.read()))
        client = AsyncModbusSerialClient(client_end.path, timeout=1, retries=0)
        try:
            assert await client.connect()
            return await dialog(client)
        finally:
            client.close()
            loop.remove_reader(client_end.fd)
            loop.remove_reader(terminal.fd)
            client_end.close()

    return serve(model, run)


@pytest.mark.parametrize("register", [261, 262])
def test_heidelberg_takes_0_and_60_to_160_tenths_only(clock, register):
    async def dialog(client):
        answers = {}
        for value in (0, 1, 59, 60, 160, 161):
            answer = await client.write_register(register, value)
            answers[value] = answer.exception_code if answer.isError() else None
        return answers

    refused = dict.fromkeys((1, 59, 161), ILLEGAL_VALUE)
    taken = dict.fromkeys((0, 60, 160))
    assert through_pymodbus(Heidelberg(clock=clock), dialog) == refused | taken


def test_heidelberg_reports_what_the_car_draws(clock):
    model = Heidelberg(clock=clock)

    async def dialog(client):
        await client.write_register(261, 160)
        model.draw_a = 15.2
        await client.read_input_registers(5, count=14)
        clock.now_s += 14.0
        status = await client.read_input_registers(5, count=14)
        limits = await client.read_input_registers(100, count=2)
        hole = await client.read_holding_registers(257, count=6)
        return status.registers, limits.registers, hole.exception_code

    status, limits, hole = through_pymodbus(model, dialog)
    assert status[0] == 7
    assert status[1:4] == [152, 152, 0]  # between two legs
    assert status[9] == 3648
    assert status[12] << 16 | status[13] == pytest.approx(14, abs=1)
    assert limits == [16, 6]
    assert hole == ILLEGAL_ADDRESS


def test_heidelberg_falls_to_its_failsafe_when_nobody_talks_and_resumes_when_polled(clock):
    model = Heidelberg(clock=clock)
    model.power_on(ago_s=60)
    model.holding.update({261: 160, 262: 60})
    clock.now_s += 14.9
    assert model.pilot_a == pytest.approx(16.0)
    clock.now_s += 0.2
    assert model.pilot_a == pytest.approx(6.0)
    model.fed()
    assert model.pilot_a == pytest.approx(16.0)


def test_heidelberg_is_deaf_for_ten_seconds_after_power_on_and_forgets_the_command(clock):
    model = Heidelberg(clock=clock)
    status = "01 04 00 05 00 0A 60 0C"

    async def dialog(terminal, served):
        await ask(terminal, "01 06 01 05 00 A0 98 4F")
        await served.stop()
        off = await ask(terminal, status, patience=10)
        await served.start()
        clock.now_s += 9.9
        booting = await ask(terminal, status, patience=10)
        clock.now_s += 0.2
        return off, booting, await ask(terminal, status)

    off, booting, up = serve(model, dialog)
    assert (off, booting) == ("", "")
    assert up.startswith("01 04 14 00 04")
    assert model.holding[261] == 0


def test_only_retained_registers_count_as_flash_writes(clock):
    model = Heidelberg(clock=clock)

    async def dialog(client):
        for value in (60, 80, 100):
            await client.write_register(261, value)
        await client.write_registers(258, [4])
        await client.write_register(262, 60)
        await client.write_register(262, 59)

    through_pymodbus(model, dialog)
    assert model.flash_writes == {258: 1, 262: 1}


def test_a_corrupted_frame_is_not_answered_and_the_next_one_is(clock):
    async def dialog(terminal, _):
        spoiled = await ask(terminal, "01 03 01 01 00 01 D4 37", patience=10)
        cut = await ask(terminal, "01 03 01 01 00", patience=10)
        return spoiled, cut, await ask(terminal, "01 03 01 01 00 01 D4 36")

    assert serve(Heidelberg(clock=clock), dialog) == ("", "", "01 03 02 3A 98 AB 4E")


def test_evse_wb_offers_its_boot_current_and_keeps_a_command_for_ever(clock):
    model = EvseWb(clock=clock)
    model.power_on(ago_s=60)
    assert model.pilot_a == 32.0

    async def dialog(client):
        await client.write_register(1000, 16)
        clock.now_s += 1e6
        status = await client.read_holding_registers(1000, count=7)
        read_only = await client.write_register(1001, 6)
        await client.write_register(2000, 0)
        return status.registers, read_only.exception_code

    status, refused = through_pymodbus(model, dialog)
    assert status[:3] == [16, 16, 2]
    assert refused == ILLEGAL_ADDRESS
    assert model.watchdog_s is None
    assert model.flash_writes == {2000: 1}
    model.power_on()
    assert model.pilot_a == 0.0


def test_evse_wb_in_hundredths_of_an_ampere(clock):
    model = EvseWb(clock=clock)
    model.holding[2005] |= 1 << 7
    frame = "01 06 03 E8 06 40 0B EA"

    async def dialog(terminal, _):
        return await ask(terminal, frame), model.pilot_a

    assert serve(model, dialog) == (frame, pytest.approx(16.0))


def test_evse_wb_signals_nothing_below_its_minimum_and_no_more_than_its_cable(clock):
    model = EvseWb(clock=clock)
    model.power_on(ago_s=60)
    model.holding[1000] = 5
    assert model.pilot_a == 0.0
    model.holding[1000] = 80
    assert model.pilot_a == 32.0


@pytest.mark.parametrize("family", sorted(MODELS.keys() - {Relay.name}))
def test_every_reply_leaves_the_silence_after_its_request_that_modbus_asks_for(family):
    """3.5 characters, at least 1.75 ms: of reads, of writes by either function, of refusals."""

    async def run():
        clock = asyncio.get_running_loop().time
        model = MODELS[family](2, clock)
        model.power_on(3600.0)
        server = InMemory([model])
        took_s = []
        first = model.holding_registers[0]
        for pdu in (
            (3, first >> 8, first & 255, 0, 1),
            (6, model.limit_register >> 8, model.limit_register & 255, 0, 0),
            (16, model.limit_register >> 8, model.limit_register & 255, 0, 1, 2, 0, 0),
            (6, model.limit_register >> 8, model.limit_register & 255, 0xFF, 0xFF),
        ):
            body = bytes((model.address, *pdu))
            begun_s = clock()
            if await server.reply(body + crc16(body).to_bytes(2, "little")):
                took_s.append(clock() - begun_s)
        return took_s, model.serial.char_s

    took_s, char_s = virtual.run(run())
    assert len(took_s) >= 2
    assert min(took_s) >= max(3.5 * char_s, 0.00175)
