"""From ADC counts to mains milliamperes, by physics first and one reading of a clamp meter after.

A current I in the conductor drives I / ct_ratio through the burden. With the ADC's range
`vref_mv` over 2^bits counts, one count therefore stands for

    ct_ratio * vref_mv / (2^bits * burden_ohm)   milliamperes.

Worked example: a 200 A : 50 mA transformer has ct_ratio 4000; with 22 ohm and 3.3 V at 12 bit,
4000 * 3300 / (4096 * 22) = 146.5 mA a count, and the ADC's half range of 2048 counts is
300 A peak, 212 A RMS of a sine.

Converter: the RP2040 swallows some ten counts at each of 512, 1536, 2560 and 3584 (its erratum
E11; ten is the average of published measurements of five chips, which also show that the counts
between lie 0.28 % too wide apart). kernel.accumulate adds the steps back, `slope_ppm` the rest.
"""

NOMINAL_PPM = 1_000_000
_FURTHEST_PPM = 200_000  # a gain further off than this is a wrong CT type, no tolerance


class NotNow(ValueError):
    """A calibration that can't be done; the text says why. The old one stays."""


def ma_per_count_q8(ua_per_mv, vref_mv, adc_bits, gain_ppm=NOMINAL_PPM, slope_ppm=NOMINAL_PPM):
    """Milliamperes for one ADC count in 1/256 mA, rounded; computed once at start."""
    product = ua_per_mv * vref_mv * 256 * gain_ppm * slope_ppm
    divisor = 1000 * NOMINAL_PPM * NOMINAL_PPM << adc_bits
    return (product + divisor // 2) // divisor


def new_gain_ppm(old_gain_ppm, shown_ma, reference_ma, rated_ma):
    """The gain that makes `shown_ma` read as `reference_ma`, a clamp meter's value.

    shown_ma  a steady mean (Channel.steady_ma), -1 if the current moves
    rated_ma  the CT's rated primary current, 0 if unknown
    """
    if reference_ma <= 0:
        raise NotNow("the reference must be above 0 A")
    if rated_ma and reference_ma > rated_ma * 6 // 5:
        raise NotNow(
            "%d A is beyond the CT's range: it is rated for %d A"
            % (reference_ma // 1000, rated_ma // 1000)
        )
    if shown_ma < 0:
        raise NotNow("the current moves; it must be steady within 2 % for 2 s")
    if shown_ma * 100 < rated_ma or shown_ma < 1000:
        raise NotNow("too little current to calibrate on: at least 1 % of the CT's rating, 1 A")
    gain_ppm = old_gain_ppm * reference_ma // shown_ma
    if abs(gain_ppm - NOMINAL_PPM) > _FURTHEST_PPM:
        raise NotNow(
            "shown %d mA, reference %d mA: more than 20 %% off is a wrong CT type or burden"
            % (shown_ma, reference_ma)
        )
    return gain_ppm


def new_noise_q7(raw_power_q7, shown_ma, current):
    """The noise floor, measured with no current in the conductor, for Channel.noise_q7.

    current  whether the signal repeats with the mains: subtracted, it would be missing for ever
    """
    if shown_ma < 0:
        raise NotNow("the reading moves; it must be steady for 2 s")
    if current or raw_power_q7 > 100 << 7:  # 10 counts RMS
        raise NotNow("that is a current, not noise: take the CT off its conductor first")
    return raw_power_q7
