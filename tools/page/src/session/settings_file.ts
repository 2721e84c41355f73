// A file of settings: the same as `meter config pull` writes and `push` reads.

import { checkTypable, Untypable } from "../link/link";
import { texts } from "../texts";
import { meter, status } from "./session";

// a GPIO is none
const SECRET = /^((?:set (?:.*? )?)?\S*(?:pin|password|secret|token|key|psk)\S*) (?!\d{1,2}$).*/i;

/** Such a line as it may be shown and handed on. */
export const withoutSecret = (line: string) =>
  line.replace(SECRET, `$1 ${texts.value.look.leftOut}`);

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

export interface Filed {
  /** What the file doesn't name is as from the factory. */
  defaults: boolean;
  /** Text by name. */
  values: Map<string, string>;
}

/** What a file says between `begin` and `end`; FileError if it says anything else. */
export function filed(text: string): Filed {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  if (lines[0] !== "begin" || !/^end( |$)/.test(lines.at(-1) ?? "")) {
    throw new FileError("no file of settings", lines[0] ?? "");
  }
  const found: Filed = { defaults: false, values: new Map() };
  for (const line of lines.slice(1, -1)) {
    if (line === "defaults") {
      found.defaults = true;
      found.values.clear();
      continue;
    }
    const words = wordsOf(line);
    for (let i = 0; i < words.length; i += 2) found.values.set(words[i] ?? "", words[i + 1] ?? "");
  }
  return found;
}

/** Name, value, name, value, ... of a `set` line, taken apart as the meter does it. */
function wordsOf(line: string): string[] {
  try {
    checkTypable(line);
  } catch (error) {
    const long = error instanceof Untypable && error.message === "";
    throw new FileError(long ? "too long" : "strange line", line);
  }
  const [command, ...typed] = line.split(/ +/);
  const words: string[] = [];
  let text: string | undefined;
  for (const word of typed) {
    text = text === undefined ? word : `${text} ${word}`;
    if (text.startsWith('"') && (text.length === 1 || !text.endsWith('"'))) continue;
    words.push(text === "none" ? "" : text.replace(/^"+|"+$/g, ""));
    text = undefined;
  }
  if (command !== "set" || text !== undefined || words.length === 0 || words.length % 2) {
    throw new FileError("strange line", line);
  }
  return words;
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
