// What the self-tests have found, kept for the certificate.

import { computed, signal } from "@preact/signals";
import { asTested, type Tested } from "../link/answers";
import { Series } from "../session/history";
import { job, meter, status } from "../session/session";

export interface Verdict {
  charger: string;
  code: string;
  text: string;
}

export interface Step {
  charger: string;
  step: number;
  of: number;
  told_ma: number;
}

export const verdicts = signal<Verdict[]>([]);
/** When a test came to its end, and what was tested; a test that did not is none. */
export const tested = signal<{ at: Date; what: string } | undefined>(undefined);
/** Is it what is connected now? */
export const valid = computed(() => tested.value?.what === what());
/** It waits for headroom. */
export const waits = signal(false);
export const step = signal<Step | undefined>(undefined);
/** What was told and what each CT saw of it; replaced with each window. */
export const seen = signal(new Series(1));

let stopped = false;
const WINDOWS = 900; // a charger's test

/** Test charger `n`, or each one; every event as it comes. */
export async function test(n = ""): Promise<void> {
  verdicts.value = [];
  tested.value = undefined;
  stopped = false;
  step.value = undefined;
  let charger = "";
  let told = 0;
  const series = new Series(WINDOWS);
  seen.value = series;
  job.value = "selftest";
  try {
    await meter().job(`json selftest${n && ` ${n}`}`, (answer) => {
      const event = asTested(answer);
      if (event.charger) charger = event.charger;
      if (event.step) {
        told = event.told_ma ?? 0;
        step.value = { charger, step: event.step, of: event.of ?? 0, told_ma: told };
      }
      if (event.legs_ma) {
        series.add(Date.now() / 1000, columns(told, event));
        seen.value = Object.assign(new Series(WINDOWS), series);
      }
      waits.value = event.code === "waits";
      if (event.code && event.text && !waits.value) {
        verdicts.value = [...verdicts.value, { charger, code: event.code, text: event.text }];
      }
    });
    if (!stopped) tested.value = { at: new Date(), what: what() };
  } finally {
    job.value = "";
  }
}

export function stop(): Promise<void> {
  stopped = true;
  return meter().endJob();
}

/** The meter and its settings. */
function what(): string {
  return `${status.value?.id} ${status.value?.settings_hash}`;
}

function columns(told: number, event: Tested): Map<string, number> {
  const found = new Map([["told", told / 1000]]);
  if ((event.ev_ma ?? -1) >= 0) found.set("EV", (event.ev_ma ?? 0) / 1000);
  event.legs_ma?.forEach((ma, i) => {
    found.set(status.value?.legs[i]?.name ?? `L${i + 1}`, ma / 1000);
  });
  return found;
}

/** The legs of a swapped pair, as the sentence names them. */
export function swapped(verdict: Verdict): [string, string] | undefined {
  const legs = /shows on (L\d) instead of (L\d)/.exec(verdict.text);
  return legs?.[1] && legs[2] ? [legs[1], legs[2]] : undefined;
}

export const isGood = (verdict: Verdict) =>
  ["well", "by steps", "draws less"].includes(verdict.code);
