// The readings since the page was opened: finely for the last minutes, coarsely for a day, and
// the whole answers that an export needs.

import type { Status } from "../link/answers";

const FINE = 3000; // answers: ten minutes at five a second
const COARSE_S = 10;
const COARSE = 8640; // a day of them
const KEPT_CHARACTERS = 48e6; // of whole answers; beyond it every second of the old ones goes

/** Times in seconds since 1970, and amperes by name: "L1", "L1 base", "L1 limit", "EV", ... */
export class Series {
  times: number[] = [];
  columns = new Map<string, number[]>();

  constructor(private readonly most: number) {}

  clear(): void {
    this.times = [];
    this.columns.clear();
  }

  add(atS: number, values: Map<string, number>): void {
    this.times.push(atS);
    for (const [name, value] of values) {
      const column = this.columns.get(name) ?? new Array(this.times.length - 1).fill(0);
      column.push(value);
      this.columns.set(name, column);
    }
    for (const column of this.columns.values()) {
      while (column.length < this.times.length) column.push(0);
    }
    if (this.times.length < 1.1 * this.most) return;
    const from = this.times.length - this.most;
    this.times = this.times.slice(from);
    for (const [name, column] of this.columns) this.columns.set(name, column.slice(from));
  }
}

export class History {
  readonly fine = new Series(FINE);
  readonly coarse = new Series(COARSE);
  /** Each a line as `meter monitor --record` writes it. */
  lines: string[] = [];
  private characters = 0;
  private faults = "";

  /** Another meter begins. */
  clear(): void {
    this.fine.clear();
    this.coarse.clear();
    this.lines = [];
    this.characters = 0;
  }

  add(status: Status, atS: number): void {
    const values = amperes(status);
    this.fine.add(atS, values);
    const faults = status.faults.join("\n");
    const due = atS - (this.coarse.times.at(-1) ?? 0) >= COARSE_S;
    if (!due && faults === this.faults) return;
    this.faults = faults;
    this.coarse.add(atS, values);
    this.keep(JSON.stringify({ time_s: Math.round(atS * 100) / 100, ...status }));
  }

  private keep(line: string): void {
    this.lines.push(line);
    this.characters += line.length;
    if (this.characters < KEPT_CHARACTERS) return;
    const half = this.lines.length >> 1;
    this.lines = this.lines.filter((_, i) => i >= half || i % 2 === 0);
    this.characters = this.lines.reduce((sum, kept) => sum + kept.length, 0);
  }
}

function amperes(status: Status): Map<string, number> {
  const values = new Map<string, number>();
  for (const leg of status.legs) {
    values.set(leg.name, leg.ma / 1000);
    values.set(`${leg.name} base`, leg.base_ma / 1000);
    values.set(`${leg.name} limit`, leg.limit_ma / 1000);
  }
  values.set("cars", carsMa(status) / 1000);
  for (const charger of status.chargers) {
    values.set(charger.name, Math.max(0, charger.offer_ma) / 1000);
  }
  return values;
}

/** What the cars draw: by the EV CT, else as the chargers report it. */
export function carsMa(status: Status): number {
  if (status.ev_ma >= 0) return status.ev_ma;
  return status.chargers.reduce((sum, charger) => sum + Math.max(0, charger.reported_ma), 0);
}

/** The coarse series as CSV: seconds since 1970, the hour, amperes. */
export function asCsv(series: Series): string {
  const names = [...series.columns.keys()];
  const rows = series.times.map((atS, i) => {
    const values = names.map((name) => (series.columns.get(name)?.[i] ?? 0).toFixed(3));
    return [atS.toFixed(2), new Date(atS * 1000).toISOString(), ...values].join(",");
  });
  return `${[["time_s", "time", ...names.map((name) => `${name} (A)`)].join(","), ...rows].join("\n")}\n`;
}
