// Improv: the meter tries a Wi-Fi and keeps it if it joins, by frames among the console's text.
//
//   IMPROV 1 type length data ... checksum      the sum of all bytes before it, its low byte
//
// Source: improv-wifi.com/serial. The meter's side is firmware/headroom/console/improv.py.

const HEAD = [...new TextEncoder().encode("IMPROV"), 1];
const CHECKED = HEAD.length + 2; // bytes before the data
const KIND = { error: 2, command: 3, result: 4 };
const WIFI = 1;
const LONGEST = 255; // of all data

/** Why a network was not kept; texts/ has a sentence for each. */
export type Unjoined = "too long" | "not joined" | "not taken";

export class ImprovError extends Error {
  constructor(readonly why: Unjoined) {
    super(why);
  }
}

/** What asks a meter to join, in bytes for its line. */
export function asksToJoin(name: string, password: string): Uint8Array<ArrayBuffer> {
  const texts = [name, password].map((text) => new TextEncoder().encode(text));
  const parts = texts.flatMap((bytes) => [bytes.length, ...bytes]);
  if (parts.length + 2 > LONGEST) throw new ImprovError("too long");
  const frame = [...HEAD, KIND.command, parts.length + 2, WIFI, parts.length, ...parts];
  return Uint8Array.from([...frame, sum(frame), 10]);
}

/** Hears the answer among whatever else comes. */
export class Joining {
  joined = false;
  error: ImprovError | undefined;
  private matched = 0; // bytes of a head
  private frame: number[] | undefined;

  get over(): boolean {
    return this.joined || this.error !== undefined;
  }

  heard(bytes: Uint8Array): void {
    for (const byte of bytes) this.take(byte);
  }

  /** A frame begins where its head does, also behind a piece of another: that one is over. */
  private take(byte: number): void {
    if (byte !== HEAD[this.matched]) this.matched = 0;
    if (byte === HEAD[this.matched]) this.matched++;
    if (this.matched === HEAD.length) {
      this.matched = 0;
      this.frame = [...HEAD];
      return;
    }
    const frame = this.frame;
    if (!frame) return;
    const whole = CHECKED + (frame[CHECKED - 1] ?? 0);
    if (frame.length < CHECKED || frame.length < whole) {
      frame.push(byte);
      return;
    }
    this.frame = undefined;
    if (sum(frame) === byte) this.answer(frame[HEAD.length], frame[CHECKED]);
  }

  private answer(kind: number | undefined, code: number | undefined): void {
    if (kind === KIND.error && code) {
      this.error = new ImprovError(code === 3 ? "not joined" : "not taken");
    } else if (kind === KIND.result && code === WIFI) this.joined = true;
  }
}

const sum = (bytes: number[]) => bytes.reduce((total, byte) => total + byte, 0) & 255;
