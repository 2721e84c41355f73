// What of sun, price, contact and temperature is on, in one line.

import type { Status } from "../link/answers";
import { number, plain, texts } from "../texts";

export function Wishes({ now }: { now: Status }) {
  const t = texts.value.watch;
  const planning = now.planning;
  if (!planning) return null;
  const parts = [t.planning(plain(planning.local || planning.time || t.timeUnknown))];
  if (typeof planning.surplus_w === "number") {
    parts.push(t.surplus(`${number(planning.surplus_w)} W`));
  }
  if (planning.price) parts.push(t.price(plain(planning.price)));
  if (typeof planning.cap_cars_w === "number") {
    parts.push(t.cap(`${number(planning.cap_cars_w)} W`));
  }
  if (typeof planning.temperature_dc === "number") {
    parts.push(`${number(planning.temperature_dc / 10, 1)} °C`);
  }
  return <p class="small">{parts.join(", ")}</p>;
}
