// A file of settings: the same as `meter config pull` writes and `push` reads.

import { meter, status } from "./session";

/** The file's text. */
export async function pull(): Promise<string> {
  const about = await meter().ask("version");
  const dump = await meter().ask("dump", 15_000);
  return `# ${about}\n${dump}\n`;
}

export type Fault = "no file of settings" | "strange line" | "too long" | "unknown";

export class FileError extends Error {
  constructor(
    readonly fault: Fault,
    readonly line: string,
  ) {
    super(fault);
  }
}

const LONGEST = 400; // what the meter takes in one line
const LINE = /^(defaults|set( \S+ ("[^"]*"|\S+))+)$/;

/** The lines between `begin` and `end`, each of them a setting; FileError if it is anything else. */
export function linesOf(text: string): string[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  if (lines[0] !== "begin" || !/^end( |$)/.test(lines.at(-1) ?? "")) {
    throw new FileError("no file of settings", lines[0] ?? "");
  }
  const between = lines.slice(1, -1);
  for (const line of between) {
    if (line.length > LONGEST) throw new FileError("too long", line);
    if (!LINE.test(line)) throw new FileError("strange line", line);
  }
  return between;
}

/** Names and values of the `set` lines. */
export function valuesOf(lines: string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of lines) {
    for (const [, name = "", text = ""] of line.slice(4).matchAll(/(\S+) ("[^"]*"|\S+)/g)) {
      values.set(name, text === "none" ? "" : text.replaceAll('"', ""));
    }
  }
  return values;
}

export function fileName(ending: string): string {
  const day = new Date().toISOString().slice(0, 10);
  return `headroom-${status.value?.settings_hash ?? "meter"}-${day}.${ending}`;
}

/** Hand a text to the user as a file. */
export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
