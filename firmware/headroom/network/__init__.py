"""The meter on a network: MQTT to a broker on the LAN, for Home Assistant and others.

Nothing here protects, and protection hangs on nothing here. In memory only where a board has a
radio and `broker` is set; `discovery` and `states` import nothing, for `meter bridge` reads them
too.

    discovery  Home Assistant's entities: one table
    states     what is published: figures of the status
"""
