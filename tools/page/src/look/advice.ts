// Which advice belongs to which of the meter's sentences: the first that fits.

import type { en } from "../texts/en";

type Advice = keyof typeof en.faults;

const RULES: [RegExp, Advice][] = [
  [/^stale/, "stale"],
  [/^voltage /, "voltage"],
  [/^thermometer /, "thermometer"],
  [/^(L\d|EV) clipped/, "clipped"],
  [/^(L\d|EV) bias moved/, "unsettled"],
  [/samples lost/, "lost"],
  [/no signal/, "noSignal"],
  [/^(L\d|EV) stuck/, "stuck"],
  [/bias off centre/, "bias"],
  [/^(L\d|EV) noise/, "noise"],
  [/^(L\d|EV) frequency/, "frequency"],
  [/below the EV branch/, "belowEv"],
  [/does not move as the cars do/, "unmoved"],
  [/computes wrongly/, "arithmetic"],
  [/^L\d .*(chip|SPI)/, "chip"],
  [/does not answer/, "silent"],
  [/though told/, "disobeys"],
  [/EV CT shows .* more than/, "stranger"],
  [/^supervisor/, "supervisor"],
  [/is not driven/, "notDriven"],
  [/^the CTs? of/, "ctPlace"],
  [/settings are lost/, "settings"],
  [/time is unknown|clock/, "clock"],
];

export function adviceOf(fault: string): Advice {
  return RULES.find(([pattern]) => pattern.test(fault))?.[1] ?? "other";
}
