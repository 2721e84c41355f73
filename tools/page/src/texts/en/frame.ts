// Around every view: connection, lock, notices.

export const frame = {
  views: {
    watch: "Watch",
    change: "Change",
    look: "Look into it",
    install: "Install",
  } as Record<string, string>,
  skip: "Skip to the content",
  language: "Language",
  theme: "Light or dark",
  themes: { auto: "as the system", light: "light", dark: "dark" } as Record<string, string>,
  connect: "Connect to the meter",
  disconnect: "Disconnect",
  welcome: "The meter by its USB cable",
  intro:
    "Plug the meter into this computer, press the button and choose its port. Nothing leaves this computer: the page asks nobody for anything.",
  opening: "Connecting …",
  on: (board: string, version: string) => `Connected: ${board}, firmware ${version}`,
  again: "The page tries again by itself, every second.",
  trouble: {
    unsupported:
      "This browser has no Web Serial. Open the page in Chromium, Chrome, Edge or Opera on a computer, or run “meter page PORT”, which serves it to any browser.",
    denied: "No port was chosen. Press the button and choose the meter's port.",
    absent:
      "The meter's port is not there. Is the cable in, and is it one that carries data? A board that restarts is back in a few seconds.",
    busy: "The port is there, but another program has it: a console, “meter monitor”, an editor, or another tab with this page. Close that one.",
    pulled: "The line to the meter broke: the cable was pulled, or the board restarts.",
    restarts: "The meter restarts; it is back in a few seconds.",
    "no tool": "“meter page” has ended. Start it again.",
    silent: "The port is open, but no meter answers. Is it the right port, is there power?",
    micropython:
      "At this port is MicroPython's own prompt, not the meter. Press the board's reset, or flash the firmware (“meter flash”).",
    forbidden:
      "You may not open this port. On Linux the group that owns it, dialout or uucp, must have you as a member; then log in anew.",
    damaged: "The meter's answer was damaged on the way.",
  } as Record<string, string>,
  restarted: (cause: string) => `The meter has restarted: ${cause}.`,
  dismiss: "Hide",
  newer: (meter: string, page: string) =>
    `The meter's firmware ${meter} is newer than this page (${page}): what the page does not know it does not show. Get the page that belongs to it.`,
  older: (meter: string, page: string) =>
    `The meter's firmware ${meter} is older than this page (${page}): some of the page may be missing there. Update the meter (“meter flash”).`,
  unsaved: "Settings were changed and not saved: they are not in force.",
  noPin: "No PIN is set: anyone at this cable may change what protects the panel.",
  locked: "Locked",
  open: "Unlocked; it locks by itself after a quarter of an hour",
  pin: "PIN",
  unlock: "Unlock",
  lock: "Lock",
  jobs: {
    scan: "The meter looks for chargers; meanwhile its figures stand still.",
    selftest: "A self-test runs; meanwhile the figures of the other views stand still.",
  } as Record<string, string>,
  untypable: (strange: string) =>
    strange
      ? `“${strange}” cannot be typed at the meter: it takes English letters, digits and signs.`
      : "The meter takes at most 400 characters a line.",
  broken: "This view cannot be shown:",
  tryAgain: "Try again",
  refused: "The meter refused",
  failed: "That did not work",
  nothingChanged: "Nothing was changed.",
  works: "The meter works",
  missing: "Missing:",
};
