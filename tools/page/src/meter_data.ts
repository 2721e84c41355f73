// What the page knows of boards and chargers: written by `lab page` from boards/ and firmware/.

export interface Board {
  name: string;
  title: string;
  channels: string[];
  /** Of each channel, where its wire goes: "GPIO26 · 31". */
  inputs: string[];
  /** The channel whose input a voltage sensor may take; "" if none. */
  voltage: string;
  burden_ohm: number;
  free_pins: number[];
  /** The whole drawing, as SVG; "" of a board that has none. */
  wiring: string;
}

export interface Family {
  title: string;
  /** Lowest and highest. */
  addresses: [number, number];
  most_a: number;
  /** Of its line, as delivered. */
  baud: number;
  parity: string;
}

interface MeterData {
  version: string;
  boards: Board[];
  families: Record<string, Family>;
}

declare const METER_DATA: MeterData;

export const { version: pageVersion, boards, families } = METER_DATA;

export function boardOf(name: string): Board | undefined {
  return boards.find((board) => board.name === name);
}
