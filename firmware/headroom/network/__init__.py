"""The meter on a network: MQTT to a broker on the LAN, for Home Assistant and others.

Nothing here protects, and protection hangs on nothing here. In memory only where a board has a
radio and `broker` is set. `discovery`, `states` and `commands` import nothing, for `meter bridge`
reads them too.

    publishing  what is said when, and who hears what comes
    discovery   Home Assistant's entities: one table
    states      what is published: figures of the status
    commands    what may be sent
    mqtt        the protocol, in turns that are short whatever comes
    sockets     TCP that never waits
    wifi        the station
"""
