// Die Ansicht der Einstellungen.

import type { Texts } from "..";

export const change: Texts["change"] = {
  title: "Ändern",
  intro:
    "Alle Einstellungen des Zählers. Was hier geändert wird, wartet, bis Sie die Unterschiede gesehen haben und speichern; dann startet der Zähler mit allen neu, oder er nimmt keine.",
  find: "Einstellung suchen",
  groups: {
    panel: "Verteiler",
    cts: "Stromwandler",
    calibration: "Abgleich",
    balancing: "Lastausgleich",
    voltage: "Spannung",
    emulation: "Als Zähler antworten",
    safety: "Kontakt des Netzbetreibers, Temperatur",
    wishes: "Was Menschen möchten",
    network: "WLAN und MQTT",
    charger: (n) => `Ladepunkt ${n}`,
    group: (n) => `Gruppe ${n}`,
  },
  addCharger: "Ladepunkt hinzufügen",
  addGroup: "Gruppe hinzufügen",
  removeCharger: "Entfernen",
  none: "nichts",
  isSet: "gesetzt, und niemandem gezeigt",
  notSet: "nicht gesetzt",
  allowed: (low, high) => `${low} bis ${high}`,
  characters: (most) => `bis ${most} Zeichen`,
  standard: (value) => `ab Werk: ${value}`,
  changed: "geändert",
  was: (value) => `war: ${value}`,
  undo: "Zurück",
  differences: "Bevor gespeichert wird",
  setting: "Einstellung",
  before: "jetzt",
  after: "dann",
  nothing: "Nichts ist geändert.",
  save: "Speichern und den Zähler neu starten",
  saving: "Der Zähler übernimmt es und startet neu …",
  saved: (hash) => `Gespeichert: Der Zähler ist zurück mit den Einstellungen ${hash}.`,
  discard: "Alles verwerfen",
  file: "Einstellungen als Datei",
  fileText: "Dieselbe, die „meter config pull“ schreibt und „push“ liest.",
  pull: "Einstellungen in eine Datei",
  push: "Einstellungen aus einer Datei",
  fromFile: (name, count) =>
    `${name}: ${count} Einstellungen sind anders als im Zähler. Noch ist nichts geändert: Sehen Sie die Unterschiede unten an.`,
  sameFile: (name) => `${name} ist, was der Zähler hat.`,
  fileErrors: {
    "no file of settings":
      "Das ist keine Datei von Einstellungen: Die geht von „begin“ bis „end“, wie „meter config pull“ sie schreibt.",
    "strange line": "Eine Zeile der Datei ist keine Einstellung:",
    "too long": "Eine Zeile der Datei ist länger, als der Zähler annimmt:",
    unknown:
      "Die Datei hat Einstellungen, die dieser Zähler nicht kennt; vielleicht ist sie von einer neueren Firmware:",
  },
  wifi: {
    title: "WLAN verbinden",
    text: "Der Zähler versucht das Netz zuerst, bis zu 20 Sekunden lang, und behält es nur, wenn die Verbindung steht; dann startet er damit neu.",
    name: "Name des Netzes",
    password: "Passwort; bei einem offenen Netz keines",
    attempt: "Versuchen und bei Erfolg behalten",
    trying: "Der Zähler versucht, sich zu verbinden …",
    joined: "Er ist verbunden und behält das Netz.",
    errors: {
      "too long": "Der Name eines Netzes hat höchstens 32 Byte, sein Passwort höchstens 64.",
      "not joined":
        "Die Verbindung kam nicht zustande: anderer Name, anderes Passwort oder außer Reichweite.",
      "not taken": "Der Zähler nimmt dieses Netz nicht an.",
    } as Record<string, string>,
  },
  needPin: "Was den Verteiler schützt, braucht die PIN: oben entsperren.",
};
