// The energy-flow picture: from the grid over the panel to house and cars, as broad as it flows.

import type { Status } from "../link/answers";
import { carsMa } from "../session/history";
import { number, texts } from "../texts";

const BROADEST = 26;

export function Flow({ now }: { now: Status }) {
  const t = texts.value.watch;
  const { gridW, carsW, measured } = powers(now);
  const houseW = gridW - carsW;
  const most = Math.max(1, Math.abs(gridW), Math.abs(carsW), Math.abs(houseW));
  const broad = (watts: number) => Math.max(2, (BROADEST * Math.abs(watts)) / most);
  const kw = (watts: number) => `${number(watts / 1000, 2)} kW`;
  return (
    <section class="flow">
      <h3>{t.flow}</h3>
      <svg
        viewBox="0 0 640 220"
        role="img"
        aria-label={t.flowText(kw(gridW), kw(houseW), kw(carsW))}
      >
        <Stream d="M130 110 H290" width={broad(gridW)} kind="grid" back={gridW < 0} />
        <Stream
          d="M350 110 C430 110 430 50 510 50"
          width={broad(houseW)}
          kind="house"
          back={houseW < 0}
        />
        <Stream d="M350 110 C430 110 430 170 510 170" width={broad(carsW)} kind="car" />
        <Node
          x={70}
          y={110}
          name={gridW < 0 ? `${t.grid}, ${t.feedsIn}` : t.grid}
          value={kw(gridW)}
        />
        <Node x={320} y={110} name={t.panel} value="" />
        <Node x={570} y={50} name={t.house} value={kw(houseW)} />
        <Node x={570} y={170} name={t.cars} value={kw(carsW)} />
      </svg>
      <p class="small">{measured ? t.measured : t.about(now.nominal_v)}</p>
    </section>
  );
}

interface StreamProps {
  d: string;
  width: number;
  kind: string;
  back?: boolean;
}

function Stream({ d, width, kind, back }: StreamProps) {
  return (
    <>
      <path d={d} class={`stream ${kind}`} stroke-width={width} />
      <path d={d} class={back ? "pulse back" : "pulse"} />
    </>
  );
}

function Node({ x, y, name, value }: { x: number; y: number; name: string; value: string }) {
  return (
    <g class="node">
      <rect x={x - 60} y={y - 32} width="120" height="64" rx="10" />
      <text x={x} y={value ? y - 6 : y + 6} text-anchor="middle">
        {name}
      </text>
      <text x={x} y={y + 20} text-anchor="middle" class="value">
        {value}
      </text>
    </g>
  );
}

/** Watts: measured where a voltage is fitted and known, else from the nominal voltage. */
function powers(now: Status): { gridW: number; carsW: number; measured: boolean } {
  const legsMa = now.legs.reduce((sum, leg) => sum + leg.ma, 0);
  const carsW = (carsMa(now) * now.nominal_v * Math.max(1, now.legs.length)) / 1000;
  const watts = now.legs.map((leg) => leg.w);
  if (watts.length > 0 && watts.every((w) => typeof w === "number")) {
    return { gridW: watts.reduce((sum, w) => sum + w, 0), carsW, measured: true };
  }
  return { gridW: (legsMa * now.nominal_v) / 1000, carsW, measured: false };
}
