"""Who may tell the meter something from outside: whoever types or sends numbers, and the network.

In memory only where a setting allows one of them, and on a board with a radio.
"""


def improv(terminal, values, *parts):
    """The terminal; on a board with a radio with Improv. `parts`: of provisioning.Radio."""
    if "broker" not in values:
        return terminal
    from ..console.improv import Improv

    def radio():
        from .provisioning import Radio  # in memory once it is used

        return Radio(values, *parts)

    return Improv(terminal, radio)


def built(values, planning, wishing, status, note):
    """The console's topics for it; status.network is the meter on MQTT, where it can be.

    wishing  the topic of `mode`; status, note: see network/publishing.py
    """
    topics = ()
    door = None
    if planning and planning.told:
        from ..console.commands.telling import Telling

        topics = (Telling(planning, wishing, note),)
        door = topics[0].sent
    if values.get("broker"):
        try:
            status.network = _network(values, status, door, note)
        except ValueError as error:
            status.problems.append("network: %s" % error)
    return topics


def _network(values, status, door, note):
    from ..network.mqtt import Mqtt
    from ..network.publishing import Publishing
    from ..network.sockets import Connection
    from ..network.wifi import built
    from ..settings import radio, table

    def secret(name):
        return radio.bytes_of(values[name]) if values[name] else None

    wifi = built(secret("wifi_ssid"), secret("wifi_password"))
    host, port = radio.address(values["broker"])
    about = status.about()
    about["name"] = values["name"]
    about["chargers"] = table.chargers(values)
    publishing = Publishing(about, status, wifi, values["broker"], door, note)
    topics, will = publishing.topics()
    publishing.mqtt = Mqtt(
        lambda: Connection(host, port),
        "headroom-" + about["id"],
        (secret("broker_user"), secret("broker_password")),
        will,
        topics,
        publishing.hear,
    )
    return publishing
