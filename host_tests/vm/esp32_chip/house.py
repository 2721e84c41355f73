"""What is true: a house on two legs, a car on both, and a Heidelberg box that obeys at once."""

import math

MAINS_RATIO, CAR_RATIO = 4000, 2000
BURDEN_OHM = 10
BIAS_MV = 1650
_TURN = 4096
_SINE = [int(16384 * math.sqrt(2) * math.sin(2 * math.pi * i / _TURN)) for i in range(_TURN)]
_VOLATILE_A = 261

base_ma = [20_000, 15_000]
told_ma = 0
registers = {258: 0, 257: 15000, 262: 0, 261: 0}  # of the box: see the maker's table


def car_ma():
    return told_ma


def leg_ma(leg):
    return base_ma[leg] + car_ma()


def mv(pin, pins, now_us):
    """What stands at a pin of the board: the burden's voltage on the bias."""
    if pin == pins[2]:
        ma, ratio = car_ma(), CAR_RATIO
    else:
        ma, ratio = leg_ma(pins.index(pin)), MAINS_RATIO
    sine = _SINE[now_us * 60 * _TURN // 1_000_000 % _TURN]
    return BIAS_MV + ma * sine // 16384 * BURDEN_OHM // ratio


def answer(frame):
    """The box at address 1: functions 3, 4, 6 and 16."""
    if crc(frame[:-2]) != frame[-2:] or frame[0] != 1:
        return None
    function = frame[1]
    register = frame[2] << 8 | frame[3]
    value = frame[4] << 8 | frame[5]
    if function in (3, 4):
        pdu = bytes((function, 2 * value))
        for word in range(register, register + value):
            word = _inputs(word) if function == 4 else registers.get(word, 0)
            pdu += bytes((word >> 8, word & 255))
    elif function == 6:
        pdu = frame[1:6]
        _write(register, value)
    elif function == 16:
        pdu = frame[1:6]
        for n in range(value):
            _write(register + n, frame[7 + 2 * n] << 8 | frame[8 + 2 * n])
    else:
        pdu = bytes((function | 0x80, 1))
    reply = bytes((frame[0],)) + pdu
    return reply + crc(reply)


def _write(register, value):
    global told_ma
    registers[register] = value
    if register == _VOLATILE_A:
        told_ma = value * 100


def _inputs(register):
    if register == 5:
        return 7 if told_ma else 5
    return car_ma() // 100 if 6 <= register <= 8 else 0


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return bytes((value & 255, value >> 8))
