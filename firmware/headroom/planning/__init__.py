"""What people would like: sun, clock, price, caps. Pure: told the time, it only lowers.

A wish is an upper bound for a charger, or a pause; it never sees the breaker, and balancing never
sees a wish but as one more limit, of which the smallest wins. `planner` has the order of the
limits; each other file is one of them, in memory only where it is used:

    request     what planning asks for: each limit with its value, and which binds
    plug        one charger as planning sees it
    zone        a rule such as CET-1CEST,M3.5.0,M10.5.0/3
    calendar    local time from UTC and that rule
    week        windows of the week, each with a value
    schedule    windows with a mode or a limit      tariff  windows with a price
    finish      fast from a time on, until so much is in
    surplus     what the sun leaves, measured at the grid
    sharing     watts for several cars, by priority
    sun         one charger on the sun: start, hold, stop
    demand_cap  the mean import of a quarter, half or full hour
    told        what somebody typed or sent: limit, pause, price, power at the grid
    contact     the grid operator's     temperature  an NTC's
    sessions    what each car took, and how much of it from the sun
"""
