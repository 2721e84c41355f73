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
  /** The chip's own. */
  id?: string;
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

/** Of `json scan`: a device, or how far it is. */
export type Scanned = Found | { percent: number };

export interface Found {
  address: number;
  baud: number;
  parity: string;
  stop: number;
  families: string[] | null;
}

/** An event of `json selftest`: see docs/console.md. */
export interface Tested {
  charger?: string;
  step?: number;
  of?: number;
  told_ma?: number;
  ev_ma?: number;
  legs_ma?: number[];
  code?: string;
  text?: string;
}

const MOST = 1e15; // no figure of a meter is larger; charts would not end

/** A list has one kind in brackets; a key with "?" may be absent or null. */
type Kind = "number" | "string" | "boolean" | "scalar" | [Kind] | { [key: string]: Kind };

// biome-ignore format: a table
const LEG: Kind = {
  name: "string", ma: "number", base_ma: "number", limit_ma: "number", headroom_ma: "number",
  "w?": "number",
};
// biome-ignore format: a table
const CHARGER: Kind = {
  name: "string", online: "boolean", state: "string", offer_ma: "number", reported_ma: "number",
  reason: "string", limited_by: "string", "next?": "string", "title?": "string", "mode?": "string",
  "request?": "string", "request_by?": "string",
};
// biome-ignore format: a table
const TOTAL: Kind = {
  name: "string", mah: "number", wh_estimate: "number", "import_wh?": "number",
  "export_wh?": "number",
};
// biome-ignore format: a table
const PLANNING: Kind = {
  "local?": "string", "time?": "string", "surplus_w?": "number", "price?": "string",
  "cap_cars_w?": "number", "temperature_dc?": "number",
};
// biome-ignore format: a table
const STATUS: Kind = {
  version: "string", micropython: "string", board: "string", "id?": "string", uptime_ms: "number",
  cause: "string", boot: "number", good: "boolean", legs: [LEG], ev_ma: "number",
  nominal_v: "number", energy: [TOTAL], faults: ["string"], settings_hash: "string",
  unsaved: "boolean", lock: "string", chargers: [CHARGER], "planning?": PLANNING,
};
// biome-ignore format: a table
const SETTING: Kind = {
  name: "string", value: "scalar", default: "scalar", range: ["scalar"], unit: "string",
  meaning: "string", "set?": "boolean",
};
const EVENT: Kind = { number: "number", boot: "number", s: "number", text: "string" };
// biome-ignore format: a table
const SESSION: Kind = {
  number: "number", charger: "string", "begin?": "string", seconds: "number", wh: "number",
  "sun_wh?": "number",
};
const LIMIT: Kind = { name: "string", ma: "number", why: "string", binds: "boolean" };
// biome-ignore format: a table
const FOUND: Kind = {
  address: "number", baud: "number", parity: "string", stop: "number", "families?": ["string"],
};
// biome-ignore format: a table
const TESTED: Kind = {
  "charger?": "string", "step?": "number", "of?": "number", "told_ma?": "number",
  "ev_ma?": "number", "legs_ma?": ["number"], "code?": "string", "text?": "string",
};

export const asStatus = (answer: unknown) => shaped<Status>(answer, STATUS);
export const asSetting = (answer: unknown) => shaped<Setting>(answer, SETTING);
export const asEvent = (answer: unknown) => shaped<Event>(answer, EVENT);
export const asSession = (answer: unknown) => shaped<Session>(answer, SESSION);
export const asWhy = (answer: unknown) => shaped<Why>(answer, { name: "string", limits: [LIMIT] });
export const asTime = (answer: unknown) => shaped<{ time: string }>(answer, { time: "string" });
export const asTested = (answer: unknown) => shaped<Tested>(answer, TESTED);

export function asScanned(answer: unknown): Scanned {
  const progress = { percent: "number" } as const;
  return fits(answer, progress) ? shaped(answer, progress) : shaped(answer, FOUND);
}

function shaped<T>(answer: unknown, kind: Kind): T {
  if (!fits(answer, kind)) throw new LinkError("damaged");
  return answer as T;
}

function fits(value: unknown, kind: Kind): boolean {
  if (kind === "number") return typeof value === "number" && Math.abs(value) <= MOST;
  if (kind === "scalar") return ["number", "string"].includes(typeof value);
  if (typeof kind === "string") return typeof value === kind;
  if (Array.isArray(kind)) return Array.isArray(value) && value.every((one) => fits(one, kind[0]));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(kind).every(([key, of]) => {
    const name = key.replace("?", "");
    const inner = (value as Record<string, unknown>)[name];
    return (name !== key && (inner === undefined || inner === null)) || fits(inner, of);
  });
}
