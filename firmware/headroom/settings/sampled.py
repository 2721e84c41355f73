"""What is sampled, in the order within a frame.

An MCP3208 takes any of its inputs in turn: those that are not in use stay out, for the ring of
five inputs is 23 kB, which a copied Pico has not in one piece. The converters of the chips always
give all of board.CHANNELS.
"""

from . import table


def names(values, board):
    """Names of board.CHANNELS."""
    if not hasattr(board, "MCP3208"):
        return getattr(board, "CHANNELS", ())
    used = ["L%d" % (leg + 1) for leg in range(values["legs"])]
    if values["ev_source"] == "ct" or values["inverter_legs"]:
        used.append("EV")
    if values["voltage"]:
        used.append(table.voltage_place)
    used.append(values["thermometer"])  # which may be at an input
    order = tuple(name for name in board.CHANNELS if name in used)
    return order or board.CHANNELS[:1]  # where nothing is measured the windows go on


def place(values, board, name):
    """Index in a frame of what is around L1, L2 ...: L3 takes that of EV where it has none.

    Of an EV that is not in use it is 0: no current is read there.
    """
    order = names(values, board)
    if name not in board.CHANNELS:
        name = "EV"
    return order.index(name) if name in order else 0
