// The shapes of the machine form (docs/console.md). What comes over the line is looked at before
// it is believed: whatever lacks what every view needs counts as damaged.

import { LinkError } from "./link";

export interface Leg {
  name: string;
  ma: number;
  base_ma: number;
  limit_ma: number;
  headroom_ma: number;
  breaker_budget_pct: number;
  w?: number | null;
}

export interface Charger {
  name: string;
  online: boolean;
  state: string;
  min_ma: number;
  max_ma: number;
  allocation_ma: number;
  offer_ma: number;
  reported_ma: number;
  reason: string;
  limited_by: string;
  next: string;
  mode?: string;
  request?: string | null;
  request_by?: string | null;
  title?: string;
  profile?: string;
  address?: number;
  gpio?: number;
  [more: string]: unknown;
}

export interface Total {
  name: string;
  mah: number;
  wh_estimate: number;
  import_wh?: number;
  export_wh?: number;
}

export interface Status {
  version: string;
  board: string;
  micropython: string;
  uptime_ms: number;
  cause: string;
  boot: number;
  good: boolean;
  legs: Leg[];
  ev_ma: number;
  nominal_v: number;
  energy: Total[];
  faults: string[];
  settings_hash: string;
  unsaved: boolean;
  lock: string;
  chargers: Charger[];
  voltage?: { mv: number; good: boolean };
  house?: { w: number | null; import_wh: number; export_wh: number };
  planning?: {
    local: string | null;
    time: string | null;
    surplus_w: number | null;
    price: string | null;
    cap_cars_w: number | null;
    temperature_dc?: number | null;
  };
}

export interface Setting {
  name: string;
  value: string | number;
  default: string | number;
  range: (string | number)[];
  unit: string;
  meaning: string;
  /** Of a password, which nobody is told: whether there is one. */
  set?: boolean;
}

export interface Event {
  number: number;
  boot: number;
  s: number;
  text: string;
}

export interface Session {
  number: number;
  charger: string;
  begin: string | null;
  seconds: number;
  wh: number;
  sun_wh: number | null;
}

export interface Why {
  name: string;
  limits: { name: string; ma: number; why: string; binds: boolean }[];
}

type Kind = "number" | "string" | "boolean" | "list";
type Shape = Record<string, Kind>;

// biome-ignore format: a table
const STATUS: Shape = {
  version: "string", board: "string", uptime_ms: "number", boot: "number", good: "boolean",
  legs: "list", ev_ma: "number", nominal_v: "number", energy: "list", faults: "list",
  settings_hash: "string", lock: "string", chargers: "list",
};
const LEG: Shape = { name: "string", ma: "number", base_ma: "number", limit_ma: "number" };
const CHARGER: Shape = { name: "string", state: "string", offer_ma: "number", reason: "string" };
const SETTING: Shape = { name: "string", range: "list", unit: "string", meaning: "string" };
const EVENT: Shape = { number: "number", boot: "number", s: "number", text: "string" };
const SESSION: Shape = { number: "number", charger: "string", seconds: "number", wh: "number" };
const WHY: Shape = { name: "string", limits: "list" };

export function asStatus(answer: unknown): Status {
  const status = shaped<Status>(answer, STATUS);
  for (const leg of status.legs) shaped(leg, LEG);
  for (const charger of status.chargers) shaped(charger, CHARGER);
  return status;
}

export const asSetting = (answer: unknown) => shaped<Setting>(answer, SETTING);
export const asEvent = (answer: unknown) => shaped<Event>(answer, EVENT);
export const asSession = (answer: unknown) => shaped<Session>(answer, SESSION);
export const asWhy = (answer: unknown) => shaped<Why>(answer, WHY);

function shaped<T>(answer: unknown, shape: Shape): T {
  const object = answer as Record<string, unknown> | null;
  for (const [key, kind] of Object.entries(shape)) {
    const value = object?.[key];
    const fits = kind === "list" ? Array.isArray(value) : typeof value === kind;
    if (!fits) throw new LinkError("damaged");
  }
  return answer as T;
}
