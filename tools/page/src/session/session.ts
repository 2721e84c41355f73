// The page's one meter: connected, asked again and again, found again when it was lost.

import { batch, computed, signal } from "@preact/signals";
import { asStatus, asTime, type Status } from "../link/answers";
import { Link, LinkError, Refused } from "../link/link";
import { type Broken, TransportError, type Way } from "../link/transport";
import { WebSerial } from "../link/web_serial";
import { Socket } from "../link/web_socket";
import { History } from "./history";

export type Trouble = Broken | "silent" | "micropython" | "damaged";
export type Phase = { is: "off" | "opening" | "on" } | { is: "lost"; why: Trouble };

const EVERY_MS = 200; // from one question to the next, where the answer is short enough
const REST_MS = 100; // at least so long nothing is asked
const RETRY_MS = 1000;
const RESTART_MS = 30_000;

export const served = location.protocol !== "file:";
export const phase = signal<Phase>({ is: "off" });
export const status = signal<Status | null>(null);
/** How often the meter has restarted while the page was connected, and why it did last. */
export const restarts = signal({ count: 0, cause: "" });
/** What takes the console for itself: "" or a name of texts' jobs. */
export const job = signal<"" | "scan" | "selftest">("");
export const history = new History();
/** Of the meter: no other board has it. */
export const identity = computed(() => status.value?.id ?? "");

const way: Way = served ? new Socket() : new WebSerial();
let link: Link | undefined;
let running = false;

/** Follows a click: the browser asks which port. */
export async function connect(): Promise<void> {
  try {
    await way.choose();
  } catch (error) {
    phase.value = { is: "lost", why: troubleOf(error) };
    return;
  }
  if (!running) void live();
}

export async function disconnect(): Promise<void> {
  running = false;
  await link?.close();
  link = undefined;
  phase.value = { is: "off" };
}

/** The link, for whoever wants to ask; a LinkError while there is none. */
export function meter(): Link {
  if (!link || phase.value.is !== "on") throw new LinkError("absent");
  return link;
}

/** Ask for what ends in a restart, and wait for the meter: what it says then. */
export async function restart(ask: (link: Link) => Promise<unknown>): Promise<Status> {
  const before = status.value?.boot;
  const old = meter();
  await ask(old);
  old.lost("restarts");
  const end = Date.now() + RESTART_MS;
  while (Date.now() < end) {
    await pause(EVERY_MS);
    const now = status.value;
    if (phase.value.is === "on" && now && now.boot !== before) return now;
  }
  throw new LinkError("silent");
}

async function live(): Promise<void> {
  running = true;
  while (running) {
    try {
      if (phase.value.is !== "lost") phase.value = { is: "opening" };
      const opened = await Link.open(way);
      link = opened;
      let gone: Broken | undefined;
      opened.onLost = (why) => {
        gone = why;
      };
      await setClock(opened);
      while (running && gone === undefined) {
        const begun = Date.now();
        take(await opened.askJson("status"));
        await pause(Math.max(REST_MS, EVERY_MS - (Date.now() - begun)));
      }
      if (gone !== undefined) throw new LinkError(gone);
    } catch (error) {
      await link?.close().catch(() => undefined);
      link = undefined;
      if (running) {
        phase.value = { is: "lost", why: troubleOf(error) };
        await pause(RETRY_MS);
      }
    }
  }
}

function take(answers: unknown[]): void {
  const now = asStatus(answers[0]);
  const before = status.value;
  const other = before && before.id !== now.id;
  if (other) history.clear();
  batch(() => {
    if (before && !other && before.boot !== now.boot) {
      restarts.value = { count: restarts.value.count + 1, cause: now.cause };
    }
    status.value = now;
    phase.value = { is: "on" };
  });
  history.add(now, Date.now() / 1000);
}

/** The meter's clock, where anything there hangs on it. */
async function setClock(opened: Link): Promise<void> {
  try {
    const [told] = (await opened.askJson("time")).map(asTime);
    const off = told?.time ? Date.parse(told.time) - Date.now() : Number.POSITIVE_INFINITY;
    if (Math.abs(off) > 5000) {
      await opened.ask(`time ${new Date().toISOString().slice(0, 19)}Z`);
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error; // refused: nothing hangs on it
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof LinkError || error instanceof TransportError) return error.why;
  return "damaged";
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => window.setTimeout(resolve, ms));
}

if (served) void connect();
