// The settings of the meter, and what the user would have instead. Nothing is half taken: changes
// go between `begin` and `end`, and the meter takes all of them or none.

import { computed, effect, signal } from "@preact/signals";
import { asSetting, type Setting } from "../link/answers";
import { checkTypable, Refused } from "../link/link";
import { identity, meter, restart, status } from "./session";

const PATIENCE_MS = 15_000;
const NUMBERED = /^(charger|group|ct|v)(\d+)\./;

/** By name, as the meter has them; empty before they were read. */
export const settings = signal<ReadonlyMap<string, Setting>>(new Map());
/** What was typed and is not there yet: text by name. */
export const draft = signal<ReadonlyMap<string, string>>(new Map());

export interface Change {
  name: string;
  before: string;
  after: string;
}

export const changes = computed<Change[]>(() => {
  const found: Change[] = [];
  for (const [name, after] of draft.value) {
    const setting = settings.value.get(name);
    const before = setting ? String(setting.value) : "";
    if (before !== after) found.push({ name, before, after });
  }
  return found;
});

const added = new Set<string>(); // "charger2", ...: not on the meter yet, wanted by the user

/** Read all of them: those without a number, of what exists, and of what is `also` wanted. */
export async function read(also: string[] = []): Promise<void> {
  const found = new Map<string, Setting>();
  const add = (answers: unknown[]) => {
    for (const setting of answers.map(asSetting)) found.set(setting.name, setting);
  };
  add(await meter().askJson("get", PATIENCE_MS));
  const kinds = new Set([...added, ...also]);
  for (const name of found.keys()) {
    const kind = NUMBERED.exec(name);
    if (kind) kinds.add(`${kind[1]}${kind[2]}`);
  }
  for (const kind of kinds) add(await meter().askJson(`get ${kind}.`, PATIENCE_MS));
  for (const kind of also) added.add(kind);
  settings.value = found;
}

export function edit(name: string, text: string): void {
  const next = new Map(draft.value);
  if (text === String(settings.value.get(name)?.value ?? "")) next.delete(name);
  else next.set(name, text);
  draft.value = next;
}

export function forget(): void {
  added.clear();
  draft.value = new Map();
}

// what was typed for one meter is not for the next
effect(() => {
  if (identity.value) forget();
});

/** What stands in the draft, else in the meter, else "". */
export function wanted(name: string): string {
  return draft.value.get(name) ?? String(settings.value.get(name)?.value ?? "");
}

/** A password: nobody is told what it is. */
export const isSecret = (name: string) => settings.value.get(name)?.set !== undefined;

export const isWord = (setting: Setting) =>
  setting.range.length > 0 && setting.range.every((value) => typeof value === "string");

/** As it is typed after `set`. */
export function typed(name: string, value: string): string {
  if (value === "") return "none";
  if (BYTES.test(name) && STRANGE.test(value) && !HEX.test(value)) return `hex:${hex(value)}`;
  return value.includes(" ") ? `"${value}"` : value;
}

const BYTES = /^(wifi_|broker_)/; // names and passwords of others, of any letters
const STRANGE = /[^ -~]|["\\]|^ | $| {2}|^(hex:|none$)/; // what the console would not take as it is

const HEX = /^hex:([0-9a-f]{2})+$/; // it is in that form already, as in a file

const hex = (value: string) =>
  [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Let the meter take the lines, all or none; Refused says what it does not like. */
export async function take(lines: string[]): Promise<void> {
  lines.forEach(checkTypable);
  await meter().ask("begin", PATIENCE_MS);
  let refusal: unknown;
  for (const line of lines) {
    try {
      await meter().ask(line, PATIENCE_MS);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusal = error;
      break;
    }
  }
  try {
    await meter().ask("end", PATIENCE_MS);
  } catch (error) {
    throw refusal ?? error;
  }
}

export const asLines = (list: Change[]) =>
  list.map((change) => `set ${change.name} ${typed(change.name, change.after)}`);

/** Take the draft, keep it and restart with it; true once the meter is back with it. */
export async function save(): Promise<void> {
  await take(asLines(changes.value));
  await restart((link) => link.ask("save"));
  forget();
  await read();
}

/** The numbers of the chargers that exist, by their profiles. */
export const chargerNumbers = computed(() => {
  const numbers: number[] = [];
  for (let n = 1; n <= 25; n++) if (wanted(`charger${n}.profile`)) numbers.push(n);
  return numbers;
});

/** How many legs are wanted; 0 where what was typed is no such number. */
export const legCount = computed(() => {
  const count = Number(wanted("legs"));
  return [1, 2, 3].includes(count) ? count : 0;
});

export const locked = computed(() => status.value?.lock === "locked");
