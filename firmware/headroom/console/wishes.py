"""How wishes look in the status: in memory only where something is wished."""


def line(planning):
    """The time, and what of sun, price and cap is on, in one line."""
    parts = ["%s, local %s" % (planning["time"], planning["local"])]
    if not planning["time"]:
        parts = ["time unknown"]
    elif not planning["local"]:
        parts = [planning["time"]]
    if planning["inverter_w"] is not None:
        parts.append("inverter %d W" % planning["inverter_w"])
    if planning["surplus_w"] is not None:
        parts.append("surplus %d W" % planning["surplus_w"])
    if planning["price"] is not None:
        parts.append("price %s" % planning["price"])
    if planning["cap_cars_w"] is not None:
        parts.append(
            "the cap leaves %d W for cars, %d Wh in hand in this window"
            % (planning["cap_cars_w"], planning["cap_left_wh"])
        )
    if planning["contact"] is not None:
        parts.append("grid contact " + ("limits" if planning["contact"]["limits"] else "free"))
    if planning["temperature_dc"] is not None:
        parts.append("%.1f C" % (planning["temperature_dc"] / 10))
    return "; ".join(parts) + "\n"
