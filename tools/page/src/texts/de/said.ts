// Was der Zähler sagt, auf Deutsch: nach seinen eigenen englischen Worten.

import type { Texts } from "..";

export const said: Texts["said"] = {
  reasons: {
    "starting: waiting for two good measurements and an answer from the charger":
      "startet: wartet auf zwei gute Messungen und eine Antwort des Ladepunkts",
    "charger does not answer": "der Ladepunkt antwortet nicht",
    "no car connected": "kein Auto angeschlossen",
    "all that the limit allows": "alles, was die Grenze erlaubt",
    "rising: headroom has been proven": "steigt: der freie Strom hat sich bewährt",
    "waiting: headroom must last before the current rises":
      "wartet: der freie Strom muss anhalten, bevor es mehr wird",
    "reduced: the house needs the current": "gesenkt: das Haus braucht den Strom",
    "held at the minimum: no headroom, but the breaker tolerates it for a while":
      "am Minimum gehalten: nichts frei, aber die Sicherung erträgt es eine Weile",
    "paused: no headroom for the minimum": "Pause: das Minimum ist nicht frei",
    "fallback: no good measurement": "Rückfall: keine gute Messung",
    "fallback: the supervisor stepped in": "Rückfall: der Beobachter hat eingegriffen",
    "waiting for its turn: not every charger can have its minimum":
      "wartet, bis es an der Reihe ist: nicht jeder kann sein Minimum haben",
    "start delayed after the power cut": "Start nach dem Stromausfall verzögert",
    "it has more than it was told: the minimum until it obeys":
      "es hat mehr, als gesagt wurde: das Minimum, bis es gehorcht",
    "lowered by request": "auf Wunsch gesenkt",
    "paused by request": "auf Wunsch Pause",
    "off: its relay rests before the next start": "aus: sein Relais ruht vor dem nächsten Start",
    "polls this meter and balances by itself": "fragt diesen Zähler und regelt sich selbst",
  },
  limits: {
    none: "nichts",
    "charger circuit": "Stromkreis des Ladepunkts",
    "charger maximum": "Höchststrom des Ladepunkts",
    "max_a setting": "Einstellung max_a",
    "share with the other chargers": "Anteil neben den anderen",
    "cable or temperature, as the charger reports": "Kabel oder Temperatur, sagt der Ladepunkt",
    "what the car takes": "was das Auto nimmt",
    request: "Wunsch",
  },
  meanings: {
    legs: "Außenleiter mit Wandler: 1 einphasig, 2 geteilte Phase, 3 drei Phasen; 0 keiner, nur Gruppen",
    breaker_a: "Nennstrom der Hauptsicherung",
    derate_pct: "Teil davon, der stundenlang fließen darf",
    ct: "Typ der Wandler an den Außenleitern",
    ct_ratio: "primär zu sekundär, wenn ct custom ist",
    burden_mohm: "Bürde jedes Wandlers, ohne Bedeutung bei 333 mV",
    ev_ct: "Typ des Wandlers am Zweig der Autos",
    ev_ct_ratio: "primär zu sekundär, wenn ev_ct custom ist",
    ev_burden_mohm: "Bürde des Wandlers am Zweig der Autos",
    l1_gain_ppm: "aus „calibrate L1 AMPERE“",
    l2_gain_ppm: "aus „calibrate L2 AMPERE“",
    l3_gain_ppm: "aus „calibrate L3 AMPERE“",
    ev_gain_ppm: "aus „calibrate EV AMPERE“",
    l1_noise: "aus „calibrate L1 zero“, in 1/128 Zählwert²",
    l2_noise: "aus „calibrate L2 zero“",
    l3_noise: "aus „calibrate L3 zero“",
    ev_noise: "aus „calibrate EV zero“",
    nominal_v: "Spannung eines Außenleiters: für die Schätzung der Energie",
    voltage: "Sensor der Spannung von L1; leer: keiner, und keine Watt",
    voltage_ratio:
      "Netz durch das, was der Eingang sieht, in 1/1000; 0: wie der Typ sagt; aus „calibrate V VOLT“",
    dead_time_s: "Zeit, bis sich eine Änderung zeigt: die Trägheit des Autos",
    rise_window_s: "so lange muss Strom frei gewesen sein, bevor es mehr wird",
    ev_source: "was den Strom der Autos von dem des Hauses trennt",
    conservative:
      "1: sofort Pause, wenn das Minimum nicht passt; nichts von dem, was die Sicherung erträgt",
    start_delay_s: "nach einem Stromausfall wartet jeder Start zufällig bis so lange",
    emulate: "als welcher Zähler für Ladepunkte geantwortet wird, die einen fragen",
    emulate_line:
      "wo: die zweite RS-485-Leitung, oder die der Ladepunkte, wenn keiner gesteuert wird",
    emulate_address: "Modbus-Adresse, unter der geantwortet wird",
    emulate_baud:
      "Baud dieser Leitung; 0: wie jener Zähler, 115200 für Wall Connector, sonst 9600",
    emulate_parity: "Parität dieser Leitung",
    emulate_when_bad:
      "ohne gute Messung: silence: Schweigen; full: jeder Außenleiter trägt den Nennstrom der Hauptsicherung; exception: Fehler 4; leer: was docs/meters.md für jenen Zähler nennt",
    zone: "Zeitzone und Sommerzeit, wie POSIX sie schreibt",
    import_w: "was für Autos, die der Sonne folgen, immer gekauft werden darf",
    sun_hold_min:
      "so viele Minuten seines Minimums darf ein Auto durch Wolken kaufen, dann Pause; was die Sonne darüber gibt, zahlt es zurück. Mehr: weniger Starts",
    tariff: "Preise je kWh nach Zeiten der Woche",
    tariff_otherwise: "der Preis zu allen anderen Zeiten",
    cap_w: "der mittlere Bezug jedes Zeitfensters bleibt darunter; 0: keine Grenze",
    cap_window_min: "Länge dieses Fensters: 15, 30 oder 60",
    contact_pin: "GPIO des Kontakts des Netzbetreibers, gegen Masse; 0 keiner",
    contact_limits:
      "in welcher Stellung der Kontakt begrenzt: open, wie auch ein gebrochener Draht; oder closed",
    contact_w: "was alle Ladepunkte zusammen ziehen dürfen, solange er begrenzt; 0: nur contact_a",
    contact_a: "was jeder Ladepunkt ziehen darf, solange er begrenzt; 0: nur contact_w",
    keep_sessions: "1: zählen und behalten, was jedes Auto nimmt; kein geeichter Zähler",
    thermometer:
      "was eine Temperatur sagt: ein NTC an einem freien Eingang, oder der Chip; leer: nichts",
    warm_c: "ab dieser Temperatur haben die Ladepunkte weniger, kurz vor hot_c das Minimum",
    hot_c: "ab hier Pause, bis es wieder unter warm_c ist",
    ntc_beta: "B des NTC, der 10 kΩ bei 25 °C hat, in Kelvin",
    ntc_series_ohm: "der Widerstand von 3,3 V zum Eingang",
    commands: "1: Grenze, Pause, Preis und Netzleistung dürfen getippt oder gesendet werden",
    wifi_ssid: "Name des WLANs; leer: kein Funk",
    wifi_password: "sein Passwort, niemandem gezeigt; leer: offenes Netz",
    broker:
      "Adresse des MQTT-Brokers in Ziffern, wie 192.168.1.5 oder 192.168.1.5:1883; leer: keiner",
    broker_user: "Benutzername am Broker; leer: keiner",
    broker_password: "Passwort am Broker, niemandem gezeigt",
    name: "Name dieses Zählers in Home Assistant: Buchstaben a bis z, Ziffern, - und _",
    clock_sda_pin: "GPIO von SDA einer DS3231, die die Zeit über Stromausfälle behält; 0 keiner",
    clock_scl_pin: "GPIO ihres SCL",
    inverter_legs: "Außenleiter, die ein Wechselrichter speist; leer: keiner",
    "ctN.lead_mdeg":
      "aus „calibrate phase KANAL“: was dieser Wandler über seinen Typ hinaus voreilt, in 1/1000 Grad; ct1 bis ct3 der Außenleiter, ct4 des Zweigs der Autos",
    "vN.ratio":
      "v2 und v3, bei drei Phasen und drei Spannungseingängen: Netz durch das, was der Eingang sieht, in 1/1000; aus „calibrate V2 VOLT“; 0: keine, sie gilt als wie die von L1",
    "groupN.breaker_a":
      "Sicherung, die sich die Ladepunkte der Gruppe teilen; 80 % gelten; 0: keine Gruppe",
    "chargerN.profile": "Familie; leer: kein Ladepunkt",
    "chargerN.address": "Modbus-Adresse",
    "chargerN.baud": "Baud seiner Leitung; 0: wie geliefert",
    "chargerN.parity": "Parität seiner Leitung; leer: wie geliefert",
    "chargerN.circuit_a": "Sicherung seines Stromkreises; 80 % gelten",
    "chargerN.max_a":
      "was das Auto höchstens ziehen darf; bei einem Relais: was es zieht, wenn an",
    "chargerN.fallback_a": "Strom, wenn er oder der Zähler blind ist; 0: Pause",
    "chargerN.min_a": "das Wenigste, womit seine Autos beginnen",
    "chargerN.legs": "Außenleiter, die er belastet, in der Reihenfolge seiner Phasen; leer: alle",
    "chargerN.group": "Gruppe, deren Sicherung er teilt; 0 keine",
    "chargerN.priority": "9 zuerst, 1 zuletzt",
    "chargerN.mode":
      "fast: alles, was frei ist; sun+min: der Überschuss, mindestens das Minimum; sun: nur der Überschuss; off: aus",
    "chargerN.schedule": "Zeiten der Woche mit einer Art oder einer Grenze",
    "chargerN.schedule_unknown":
      "die Art, solange die Zeit unbekannt ist, wie nach einem Stromausfall; off: auch nach charge_below und finish lädt er dann nicht",
    "chargerN.charge_below": "lädt, solange der Preis darunter ist; leer: immer",
    "chargerN.finish":
      "ab dieser Uhrzeit 12 Stunden lang schnell, bis finish_kwh geladen sind; leer: nie",
    "chargerN.finish_kwh": "was das Auto bis dahin haben soll",
    "chargerN.pin": "GPIO, der ein Relais schaltet; 0 keiner",
    "chargerN.readback_pin":
      "GPIO der Rückmeldung eines Relais, 0 V heißt bewiesen aus; 0: keine Rückmeldung",
    "chargerN.rest_s": "so lange bleibt ein Relais aus, bevor es wieder startet",
  },
};
