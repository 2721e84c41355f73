// Was bei jedem Fehler zu tun ist.

import type { Texts } from "..";

export const faults: Texts["faults"] = {
  stale:
    "Der Zähler hat keine gute Messung, die Autos haben ihren Rückfallstrom. Die Fehler der einzelnen Kanäle sagen, warum.",
  clipped:
    "Der Strom ist größer, als dieser Wandler mit dieser Bürde zeigen kann. Prüfen Sie ct und burden_mohm, und ob die Bürde eingebaut ist.",
  unsettled:
    "Legt sich mit dem nächsten Fenster. Kommt es wieder, prüfen Sie die Vorspannung der Eingänge.",
  lost: "Die Platine hat Abtastwerte verloren. Bleibt es so, melden Sie es mit der Sammeldatei.",
  noSignal: "Sehen Sie diesen Wandler an: gesteckt, Klemme zu, Bürde da, Leitung heil?",
  stuck: "Der Wandler gibt immer denselben Wert: Prüfen Sie die Leitung von der Eingangsstufe.",
  bias: "Prüfen Sie die zwei Widerstände der Vorspannung und die Versorgung der Eingangsstufe.",
  noise: "Prüfen Sie Schirm und Masse der Leitung und ihren Abstand zu geschalteten Leitungen.",
  frequency: "Ist das ein öffentliches Netz? Die Grenzen sind 45 bis 65 Hz.",
  belowEv:
    "Dieser Leiter zeigt weniger als der Zweig der Autos, den er speist: Selbsttest machen, Typ und Bürde prüfen, Klemmen schließen.",
  unmoved:
    "Die Schritte der Autos zeigen sich auf diesem Leiter nicht: Selbsttest machen. Der Wandler ist vielleicht ab, verrutscht oder am falschen Leiter.",
  arithmetic: "Dieser Bau der Firmware passt nicht zu dieser Platine: einen anderen aufspielen.",
  chip: "Der Messbaustein oder seine Leitungen: Versorgung und SPI prüfen, dann neu starten.",
  silent:
    "Hat der Ladepunkt Strom? Sind A und B von RS-485 vertauscht, stimmen Adresse und Baud? Die Suche unter Einbauen findet ihn.",
  disobeys:
    "Der Ladepunkt hat mehr, als ihm gesagt wurde; sein Strom bleibt ihm reserviert. Steuert ihn noch jemand, oder hat er eine eigene Grenze?",
  stranger: "Auf dem Zweig der Autos zieht noch etwas: Sitzt sein Wandler am richtigen Leiter?",
  supervisor:
    "Der zweite Beobachter hat eingegriffen. Sehen Sie ins Tagebuch; dann lässt der Knopf wieder laden.",
  notDriven: "Dieser Ladepunkt ist so nicht anzusteuern: Der Satz sagt, was zu setzen ist.",
  ctPlace:
    "Machen Sie den Selbsttest unter Einbauen: Er sagt, was zu tauschen oder umzudrehen ist.",
  voltage:
    "Watt sind so lange unbekannt, Ampere stimmen. Prüfen Sie den Spannungssensor und seine Leitungen.",
  thermometer:
    "Prüfen Sie den Temperaturfühler und seine Leitung; so lange haben die Ladepunkte ihr Minimum.",
  settings:
    "Die Einstellungen sind verloren. Spielen Sie unter Ändern eine Datei ein, oder richten Sie neu ein.",
  clock: "Der Zähler kennt die Zeit nicht; eine Seite, die sich verbindet, stellt sie.",
  other: "Der Satz sagt, was gestört ist. Mit der Sammeldatei sieht ein Helfer mehr.",
};
