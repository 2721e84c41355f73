// A conversation with the meter's console: a line asked, its answer read. One at a time; who asks
// while another one is answered waits for its turn.

import { asksToJoin, Joining } from "./improv";
import type { Broken, Ears, Transport, Way } from "./transport";

const PATIENCE_MS = 5000;
const LONGEST_MS = 60_000; // so long an answer may take, whatever comes
const MOST_CHARACTERS = 4e6; // of what is no answer yet
// Who starts just now hears nothing, and some boards restart when their port is opened: it is asked
// again before the port is given up.
const OPEN_PATIENCE_MS = 1500;
const OPEN_TIMES = 4;
const JOB_PATIENCE_MS = 60_000; // a self-test waits 40 s for headroom
const JOIN_PATIENCE_MS = 40_000; // the meter tries for 20 s
const PROMPT = "\n> ";
const REPL_PROMPT = ">>> ";
const CLEAR_LINE = "\x15";
const LONGEST_LINE = 400;
// biome-ignore lint/suspicious/noControlCharactersInRegex: so the console clears its line
const STOP_ECHO = /^(\x1b\[K)?(s?t?o?p?)(?=\{|$)/; // before an object that comes meanwhile, too

/** The meter refused; the message is its own. */
export class Refused extends Error {}

/** The console does not take this line; the message is the character, or "" if it is too long. */
export class Untypable extends Error {}

/** What would be obeyed as a key, or makes the meter's echo another one, is never sent. */
export function checkTypable(line: string): void {
  const strange = /[^ -~]/u.exec(line)?.[0];
  if (strange || line.length > LONGEST_LINE) throw new Untypable(strange ?? "");
}

export class LinkError extends Error {
  constructor(readonly why: Broken | "silent" | "micropython" | "damaged") {
    super(why);
  }
}

interface Wait {
  done: () => boolean;
  resolve: () => void;
  reject: (error: LinkError) => void;
}

export class Link implements Ears {
  /** Hears that the line is gone, whoever asks or doesn't. */
  onLost: (why: Broken) => void = () => undefined;
  private transport: Transport | undefined;
  private broken: Broken | undefined;
  private readonly decoder = new TextDecoder();
  private said = "";
  private joining: Joining | undefined;
  private wait: Wait | undefined;
  private timer = 0;
  private turn: Promise<unknown> = Promise.resolve();

  /** Opened, what ran there stopped, its prompt seen. */
  static async open(way: Way): Promise<Link> {
    const link = new Link();
    link.transport = await way.open(link);
    for (let time = 1; ; time++) {
      try {
        await link.stop();
        return link;
      } catch (error) {
        const again = error instanceof LinkError && error.why === "silent" && time < OPEN_TIMES;
        if (again) continue;
        await link.close();
        throw error;
      }
    }
  }

  /** The answer to `line` without its last line end. */
  ask(line: string, patienceMs = PATIENCE_MS): Promise<string> {
    return this.inTurn(async () => {
      await this.send(line);
      await this.until(`${line}\n`, patienceMs);
      this.said = `\n${this.said}`;
      const answer = (await this.until(PROMPT, patienceMs)).replace(/^\n+|\n+$/g, "");
      const refusal = answer.split("\n").find((said) => said.startsWith("error: "));
      if (refusal) throw new Refused(refusal.slice("error: ".length));
      return answer;
    });
  }

  /** The objects of `json <command>`. */
  async askJson(command: string, patienceMs = PATIENCE_MS): Promise<unknown[]> {
    const answer = await this.ask(`json ${command}`, patienceMs);
    return answer === "" ? [] : answer.split("\n").map(parsed);
  }

  /** Give a command that takes minutes: `each` of its lines as it comes. Refused as ask() is. */
  job(command: string, each: (object: unknown) => void): Promise<void> {
    return this.inTurn(async () => {
      await this.send(command);
      await this.until(`${command}\n`, PATIENCE_MS);
      for (;;) {
        await this.more(() => /\n|^> /.test(this.said), JOB_PATIENCE_MS, JOB_PATIENCE_MS);
        if (this.said.startsWith("> ")) break;
        const line = (await this.until("\n", PATIENCE_MS)).replace(STOP_ECHO, "");
        if (line.startsWith("error: ")) throw new Refused(line.slice("error: ".length));
        if (line) each(parsed(line));
      }
    });
  }

  /** Let the meter try a Wi-Fi: it has joined and restarts with it, or an ImprovError. */
  join(name: string, password: string): Promise<void> {
    return this.inTurn(async () => {
      const joining = new Joining();
      this.joining = joining;
      try {
        await this.write(new TextEncoder().encode(CLEAR_LINE), asksToJoin(name, password));
        await this.more(() => joining.over, JOIN_PATIENCE_MS, JOIN_PATIENCE_MS);
      } finally {
        this.joining = undefined;
        this.said = "";
      }
      if (joining.error) throw joining.error;
    });
  }

  /** End the job that runs. Not by Ctrl-C: where nothing runs any more that ends the firmware. */
  async endJob(): Promise<void> {
    await this.send("stop");
  }

  /** Whoever still waits for an answer hears that there is none. */
  async close(): Promise<void> {
    this.end(this.broken ?? "pulled");
    await this.transport?.close();
  }

  heard(bytes: Uint8Array): void {
    this.joining?.heard(bytes);
    this.said += this.decoder.decode(bytes, { stream: true }).replaceAll("\r", "");
    if (this.wait?.done() || this.said.length > MOST_CHARACTERS) this.wait?.resolve();
  }

  lost(why: Broken): void {
    this.end(why);
    this.onLost(why);
  }

  private end(why: Broken): void {
    this.broken = why;
    this.wait?.reject(new LinkError(why));
  }

  private stop(): Promise<void> {
    return this.inTurn(async () => {
      await this.send("stop");
      await this.until("stop\n", OPEN_PATIENCE_MS, OPEN_PATIENCE_MS);
      this.said = `\n${this.said}`;
      await this.until(PROMPT, OPEN_PATIENCE_MS, OPEN_PATIENCE_MS);
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async send(line: string): Promise<void> {
    checkTypable(line);
    await this.write(new TextEncoder().encode(`${CLEAR_LINE + line}\r`));
  }

  private async write(...parts: Uint8Array<ArrayBuffer>[]): Promise<void> {
    if (this.broken) throw new LinkError(this.broken);
    for (const part of parts) await this.transport?.write(part);
  }

  /** What comes before `mark`, both taken away. */
  private async until(mark: string, patienceMs: number, longestMs = LONGEST_MS): Promise<string> {
    await this.more(() => this.said.includes(mark), patienceMs, longestMs);
    const at = this.said.indexOf(mark);
    const came = this.said.slice(0, at);
    this.said = this.said.slice(at + mark.length);
    return came;
  }

  /** Listen until `done`; while something comes there is patience, but not for ever. */
  private async more(done: () => boolean, patienceMs: number, longestMs: number): Promise<void> {
    const end = Date.now() + longestMs;
    while (!done()) {
      if (this.broken) throw new LinkError(this.broken);
      const before = this.said.length;
      await new Promise<void>((resolve, reject) => {
        this.wait = { done, resolve, reject };
        this.timer = window.setTimeout(resolve, Math.min(patienceMs, end - Date.now()));
      }).finally(() => {
        window.clearTimeout(this.timer);
        this.wait = undefined;
      });
      if (done()) return;
      const over = Date.now() >= end || this.said.length > MOST_CHARACTERS;
      if (over || this.said.length === before) {
        throw new LinkError(this.said.includes(REPL_PROMPT) ? "micropython" : "silent");
      }
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new LinkError("damaged");
  }
}
