// Rund um jede Ansicht: Verbindung, Sperre, Hinweise.

import type { Texts } from "..";

export const frame: Texts["frame"] = {
  views: {
    watch: "Zusehen",
    change: "Ändern",
    look: "Nachsehen",
    install: "Einbauen",
  },
  skip: "Zum Inhalt",
  language: "Sprache",
  theme: "Hell oder dunkel",
  themes: { auto: "wie das System", light: "hell", dark: "dunkel" },
  connect: "Mit dem Zähler verbinden",
  disconnect: "Trennen",
  welcome: "Der Zähler an seinem USB-Kabel",
  intro:
    "Stecken Sie den Zähler an diesen Rechner, drücken Sie den Knopf und wählen Sie seinen Anschluss. Nichts verlässt diesen Rechner: Die Seite fragt niemanden.",
  opening: "Verbindet …",
  on: (board, version) => `Verbunden: ${board}, Firmware ${version}`,
  again: "Die Seite versucht es jede Sekunde von selbst wieder.",
  trouble: {
    unsupported:
      "Dieser Browser kann kein Web Serial. Öffnen Sie die Seite in Chromium, Chrome, Edge oder Opera auf einem Rechner, oder starten Sie „meter page PORT“: Das liefert sie jedem Browser.",
    denied:
      "Es wurde kein Anschluss gewählt. Drücken Sie den Knopf und wählen Sie den des Zählers.",
    absent:
      "Der Anschluss des Zählers ist nicht da. Steckt das Kabel, und überträgt es Daten? Eine Platine, die neu startet, ist in einigen Sekunden zurück.",
    busy: "Der Anschluss ist da, aber ein anderes Programm hat ihn: eine Konsole, „meter monitor“, ein Editor oder ein anderer Tab mit dieser Seite. Schließen Sie jenes.",
    pulled:
      "Die Leitung zum Zähler ist abgerissen: Das Kabel wurde gezogen, oder die Platine startet neu.",
    restarts: "Der Zähler startet neu; in einigen Sekunden ist er zurück.",
    "no tool": "„meter page“ ist beendet. Starten Sie es wieder.",
    silent:
      "Der Anschluss ist offen, aber kein Zähler antwortet. Ist es der richtige, ist Strom da?",
    micropython:
      "An diesem Anschluss ist die Eingabe von MicroPython, nicht der Zähler. Drücken Sie Reset auf der Platine, oder spielen Sie die Firmware auf („meter flash“).",
    forbidden:
      "Sie dürfen diesen Anschluss nicht öffnen. Unter Linux muss seine Gruppe, dialout oder uucp, Sie als Mitglied haben; melden Sie sich dann neu an.",
    damaged: "Die Antwort des Zählers wurde unterwegs beschädigt.",
  },
  restarted: (cause) => `Der Zähler ist neu gestartet: ${cause}.`,
  dismiss: "Ausblenden",
  newer: (meter, page) =>
    `Die Firmware ${meter} des Zählers ist neuer als diese Seite (${page}): Was die Seite nicht kennt, zeigt sie nicht. Nehmen Sie die Seite, die dazu gehört.`,
  older: (meter, page) =>
    `Die Firmware ${meter} des Zählers ist älter als diese Seite (${page}): Manches der Seite fehlt dort vielleicht. Erneuern Sie die Firmware („meter flash“).`,
  unsaved: "Einstellungen wurden geändert und nicht gespeichert: Sie gelten nicht.",
  noPin: "Es ist keine PIN gesetzt: Jeder an diesem Kabel kann ändern, was den Verteiler schützt.",
  locked: "Gesperrt",
  open: "Entsperrt; sperrt sich nach einer Viertelstunde selbst",
  pin: "PIN",
  unlock: "Entsperren",
  lock: "Sperren",
  jobs: {
    scan: "Der Zähler sucht Ladepunkte; so lange stehen seine Zahlen still.",
    selftest: "Ein Selbsttest läuft; so lange stehen die Zahlen der anderen Ansichten still.",
  },
  untypable: (strange) =>
    strange
      ? `„${strange}“ lässt sich am Zähler nicht eingeben: Er nimmt Buchstaben ohne Umlaute, Ziffern und Zeichen.`
      : "Der Zähler nimmt höchstens 400 Zeichen je Zeile.",
  broken: "Diese Ansicht lässt sich nicht zeigen:",
  tryAgain: "Noch einmal",
  refused: "Der Zähler lehnt ab",
  failed: "Das ging nicht",
  nothingChanged: "Nichts wurde geändert.",
  works: "Der Zähler arbeitet",
  missing: "Es fehlt:",
};
