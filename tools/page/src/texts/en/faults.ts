// What to do about each fault; which is which stands in look/advice.ts.

export const faults = {
  stale:
    "The meter has no good measurement, so the cars have their fallback. The faults of the single channels below say why.",
  clipped:
    "The current is beyond what this CT with this burden can show. Check ct and burden_mohm, and that the burden is fitted.",
  unsettled:
    "It settles by itself with the next window. If it comes again, check the bias network.",
  lost: "The board lost samples. If it stays, report it with the gathered file.",
  noSignal: "Look at this CT: plugged in, clamp closed, its burden fitted, its wire whole?",
  stuck: "The converter gives the same count all the time: check the wire from the front end.",
  bias: "Check the two bias resistors and the supply of the front end.",
  noise: "Check shield and ground of this CT's wire, and its distance to switched wires.",
  frequency: "Is this a public grid? A generator may be off; the limits are 45 to 65 Hz.",
  belowEv:
    "This leg shows less than the EV branch that it feeds: run the self-test, check CT type, burden, and that clamps are closed.",
  unmoved:
    "The cars' steps do not show on this leg: run the self-test. The CT may be off, slipped, or on another wire.",
  arithmetic: "This build does not fit this board: flash another one.",
  chip: "The metering chip or its wires: check its supply and the SPI wires, then restart.",
  silent:
    "Check that the charger has power, A and B of RS-485 (swapped?), its address and its baud; “scan” under Install finds it.",
  disobeys:
    "The charger has more than it was told; its current is kept for it. Is another controller on it, or its own limit set?",
  stranger:
    "Something beyond the known chargers draws on the EV branch: is its CT on the right wire?",
  supervisor:
    "The second observer has stepped in. Look at the log; then the button lets the chargers charge again.",
  notDriven: "This charger cannot be driven as it is set: the sentence says what to set.",
  ctPlace: "Run the self-test under Install: it says which wires to swap or turn.",
  voltage:
    "Watts are unknown meanwhile, amperes are right. Check the voltage sensor and its wires.",
  thermometer: "Check the thermometer and its wire; meanwhile the chargers have their minimum.",
  settings: "The settings were lost. Put a file of settings back under Change, or install anew.",
  clock: "The meter does not know the time; a page or tool that connects sets it.",
  other: "The sentence says what is wrong. With the file of “Gather” a helper can see more.",
};
