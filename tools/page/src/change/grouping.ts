// Which settings belong together, by their names; in the order of the meter's own table.

import type { Setting } from "../link/answers";
import { texts } from "../texts";

export interface Group {
  key: string;
  title: string;
  settings: Setting[];
}

type Named = Exclude<keyof typeof texts.value.change.groups, "charger" | "group">;

const RULES: [RegExp, Named][] = [
  [/^(legs|breaker_a|derate_pct|nominal_v)$/, "panel"],
  [/_gain_ppm$|_noise$|^ct\d\./, "calibration"],
  [/ct$|ct_ratio$|burden_mohm$/, "cts"],
  [/^(voltage|v\d\.)/, "voltage"],
  [/^emulate/, "emulation"],
  [/^(contact_|thermometer|warm_c|hot_c|ntc_)/, "safety"],
  [/^(wifi_|broker|name$|commands$)/, "network"],
  [/^(zone|import_w|tariff|cap_|keep_sessions|clock_|inverter_legs)/, "wishes"],
];

export function grouped(all: Iterable<Setting>): Group[] {
  const groups = new Map<string, Group>();
  for (const setting of all) {
    const { key, title } = placeOf(setting.name);
    const group = groups.get(key) ?? { key, title, settings: [] };
    group.settings.push(setting);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function placeOf(name: string): { key: string; title: string } {
  const t = texts.value.change.groups;
  const [, kind = "", n = ""] = /^(charger|group)(\d+)\./.exec(name) ?? [];
  if (kind === "charger") return { key: `charger${n}`, title: t.charger(n) };
  if (kind === "group") return { key: `group${n}`, title: t.group(n) };
  const key = RULES.find(([pattern]) => pattern.test(name))?.[1] ?? "balancing";
  return { key, title: t[key] };
}
