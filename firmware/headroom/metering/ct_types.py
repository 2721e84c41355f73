"""Common current transformers, so that a reading is right with no further step.

A type with a current output needs the board's burden resistor; one with a voltage output (333 mV)
has its own. "custom" takes the ratio from the settings. Ratings are the makers' nameplates.
"""

VREF_MV = 3300  # of every board
MOST_MOHM = 200_000  # any burden

# name: (rated primary in A, secondary at that, "mA" or "mV")
TYPES = {
    "100a50ma": (100, 50, "mA"),  # YHDC SCT-013-000
    "200a100ma": (200, 100, "mA"),
    "200a50ma": (200, 50, "mA"),
    "100a333mv": (100, 333, "mV"),
    "200a333mv": (200, 333, "mV"),
    "custom": (0, 0, "mA"),
}
NAMES = tuple(TYPES)


def ua_per_mv(name, custom_ratio, burden_mohm):
    """Conductor current in uA for 1 mV at the ADC.

    Current output: 1 mV over the burden is 1 / burden_ohm mA, times the ratio. Voltage output:
    rated current over rated voltage.
    """
    primary_a, secondary, unit = TYPES[name]
    if unit == "mV":
        return primary_a * 1_000_000 // secondary
    ratio = primary_a * 1000 // secondary if primary_a else custom_ratio
    return ratio * 1_000_000 // burden_mohm
