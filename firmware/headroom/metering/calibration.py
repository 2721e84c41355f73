"""From ADC counts to mains milliamperes, by physics alone.

A current I in the conductor drives I / ct_ratio through the burden. With the ADC's range
`vref_mv` over 2^bits counts, one count therefore stands for

    ct_ratio * vref_mv / (2^bits * burden_ohm)   milliamperes.

Worked example: a 200 A : 50 mA transformer has ct_ratio 4000; with 22 ohm and 3.3 V at 12 bit,
4000 * 3300 / (4096 * 22) = 146.5 mA a count, and the ADC's half range of 2048 counts is
300 A peak, 212 A RMS of a sine.
"""


def ma_per_count_q8(ct_ratio, burden_mohm, vref_mv, adc_bits):
    """Milliamperes for one ADC count in 1/256 mA, rounded; computed once at start."""
    divisor = burden_mohm << adc_bits
    return (ct_ratio * vref_mv * 1000 * 256 + divisor // 2) // divisor


def range_ma(ct_ratio, burden_mohm, vref_mv):
    """RMS of the largest sine that the ADC shows, in mA: half of vref is its peak (1/sqrt 2)."""
    return ct_ratio * vref_mv * 500 // burden_mohm * 7071 // 10000
