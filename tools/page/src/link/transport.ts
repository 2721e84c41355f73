// What carries bytes to the meter and back: a serial port of the browser, or a socket to
// `meter page`. Above this line nobody knows which.

/** Why nothing is carried: each has its sentence in texts/. */
export type Broken =
  | "unsupported" // this browser has no Web Serial
  | "denied" // nobody chose a port, or the browser forbids it
  | "absent" // the port is not there: cable, or the board restarts
  | "busy" // another program, or another tab, has it
  | "forbidden" // the user has no right to open it
  | "pulled" // it was there and went
  | "restarts" // as it was told to
  | "no tool"; // `meter page` has ended

export class TransportError extends Error {
  constructor(readonly why: Broken) {
    super(why);
  }
}

export interface Ears {
  heard(bytes: Uint8Array): void;
  lost(why: Broken): void;
}

export interface Transport {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
}

/** A way to the meter. `choose` asks the user, where that is needed, and follows a click. */
export interface Way {
  choose(): Promise<void>;
  open(ears: Ears): Promise<Transport>;
}
