"""The metering chip ATM90E32AS: how it is spoken to, set up, and known to be well.

Sources: [DS] Atmel-46003B-SE-M90E32AS data sheet, [AN] Atmel-46103A application note, each with
its section; [CS] CircuitSetup's page of its six-channel board. Tried on a model that was written
from them, never on a chip.

Frames      32 bits, most significant first: read bit, 15 of address, 16 of data; one register
            a frame, CS low for exactly that; a write counts only if it has 32 clocks. SDI is read
            at the rising edge, SDO moves at the falling one: mode 3 [DS 4.2]; up to 1.1 MHz [6.1]
LastSPIData repeats what was read or written last. Every access is compared with it [AN 2]
SoftReset   789AH: all registers as after power-on [3.3.3], for which 40 ms are enough [6.4]
CfgRegAccEn 55AAH lets 00H to 6FH be written; another value ends that, and starts the chip's
            checksum over them, which takes 14 ms [5.2.1]; then CRCErrStatus must stay 0
MeterEn     0 after power-on [5.2]: so each brown-out shows
No register names the chip. It is told by its values after a reset, such as F0 = 5000, which the
relatives ATM90E26 and ATM90E36A don't have there.

Scale       A threshold of FFFFH is the peak of full scale, and stands for an RMS register of
            2^16 x gain / (sqrt 2 x 2^14) [3.7.2, 5.2.2]; full scale is taken to be the reference,
            1.2 V [6.1], which no document says: 9.155 uV an LSB at a gain of 8000H. The 1 kohm
            before each pin [AN 1.1] and the input's 120 kohm [6.1] make it 9.308 at the burden.
            [CS] calibrates four CTs on 22 ohm to 9.24 to 9.35. With all gains at 6000H it is 4/3
            of that, and the whole range of 720 mV [6.1] fits into 16 bits
Power       one LSB is 1/32 of the product of those of voltage and current [5.6.1]
"""

import micropython
from micropython import const

UV_A_LSB = 800_000 / 65536 * 122 / 120  # of an RMS register, with this gain
_GAIN = const(0x6000)
_METER_EN = const(0x00)
_F_60_HZ = const(1 << 12)  # in MMode0
PMEAN = const(0xB1)  # of phase A; B and C follow, and so in the next ones
QMEAN = const(0xB5)
LOW_WORD = const(0x10)  # further on is the low word of powers and RMS values
URMS = const(0xD9)
IRMS = const(0xDD)
IPEAK = const(0xF5)
FREQ = const(0xF8)
_SOFT_RESET = const(0x70)
_LAST_SPI_DATA = const(0x78)
_CRC_ERR_STATUS = const(0x79)
_CFG_REG_ACC_EN = const(0x7F)
_MMODE0 = const(0x33)
_READ = const(0x80)

_AFTER_RESET = (
    (_METER_EN, 0),
    (0x01, 0x0210),  # ChannelMapI
    (0x02, 0x0654),  # ChannelMapU
    (0x05, 0x143F),  # SagPeakDetCfg: peaks of 20 ms each
    (0x22, 5000),  # F0
    (0x31, 0x0861),  # PLconstH
    (0x32, 0xC468),  # PLconstL
    (_MMODE0, 0x0087),
    (0x61, 0x8000),  # UgainA
)


class Atm90e32:
    """spi  see ports/spi.py

    disagreed  accesses that LastSPIData did not confirm
    """

    def __init__(self, spi):
        self._spi = spi
        self._frame = bytearray(4)
        self._answer = bytearray(4)
        self._wanted = _AFTER_RESET
        self._looked = 0
        self.disagreed = 0

    def reset(self):
        """All registers as after power-on, 40 ms later."""
        self._send(_SOFT_RESET, 0x789A)

    @micropython.native
    def recognised(self):
        """After a reset: is it this chip?"""
        for register, value in _AFTER_RESET:
            if self.read(register) != value:
                return False
        return True

    @micropython.native
    def set_up(self, hz):
        """Write all that differs from what it is after a reset; False if it doesn't hold it."""
        self._wanted = (
            (_METER_EN, 1),
            (_MMODE0, 0x0087 | (_F_60_HZ if hz == 60 else 0)),
            (0x34, 0),  # MMode1: inputs amplified once
            (0x61, _GAIN), (0x62, _GAIN),  # voltage and current of phase A
            (0x65, _GAIN), (0x66, _GAIN),
            (0x69, _GAIN), (0x6A, _GAIN),
        )  # fmt: skip
        self._send(_CFG_REG_ACC_EN, 0x55AA)
        for register, value in self._wanted:
            self._send(register, value)
        self._send(_CFG_REG_ACC_EN, 0)
        for register, value in self._wanted:
            if self.read(register) != value:
                return False
        return True

    @micropython.native
    def keeps(self):
        """Does it still hold what was set up? One register a call, and its own checksum."""
        self._looked = (self._looked + 1) % len(self._wanted)
        register, value = self._wanted[self._looked]
        return (
            self.read(_METER_EN) == 1
            and self.read(_CRC_ERR_STATUS) == 0
            and self.read(register) == value
        )

    @micropython.native
    def read(self, register):
        """The 16 bits of a register; `disagreed` counts if that is not certain."""
        value = self._exchange(_READ, register, 0)
        if self._exchange(_READ, _LAST_SPI_DATA, 0) != value:
            self._count()
        return value

    def read_signed(self, register):
        """The same in two's complement."""
        value = self.read(register)
        return value - 0x10000 if value & 0x8000 else value

    def _count(self):
        self.disagreed = (self.disagreed + 1) & 0xFFFFFF  # too large for machine code

    def _send(self, register, value):
        self._exchange(0, register, value)

    @micropython.native
    def _exchange(self, access, register, value):
        frame, answer = self._frame, self._answer
        frame[0] = access | register >> 8
        frame[1] = register & 0xFF
        frame[2] = value >> 8
        frame[3] = value & 0xFF
        self._spi.exchange(frame, answer)
        return answer[2] << 8 | answer[3]
