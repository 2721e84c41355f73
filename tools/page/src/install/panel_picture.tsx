// The panel: legs from the grid through the main breaker and a CT each to the house.

import { texts } from "../texts";

const ROW = 46;
const TOP = 40;

interface Props {
  legs: number;
  breaker: string;
  /** The leg whose CT is meant, "" for all. */
  marked?: string;
}

export function PanelPicture({ legs, breaker, marked = "" }: Props) {
  const t = texts.value.install;
  const rows = [...Array(legs).keys()].map((i) => ({ name: `L${i + 1}`, y: TOP + ROW * i }));
  const height = TOP + ROW * Math.max(1, legs);
  return (
    <svg
      class="picture"
      viewBox={`0 0 460 ${height}`}
      role="img"
      aria-label={t.panelPicture(legs, breaker)}
    >
      <text x="10" y="18">
        {t.meterSide}
      </text>
      <text x="450" y="18" text-anchor="end">
        {t.houseSide}
      </text>
      <rect
        class="box"
        x="120"
        y={TOP - 16}
        width="80"
        height={ROW * Math.max(1, legs) - 14}
        rx="6"
      />
      <text x="160" y={height - 4} text-anchor="middle">
        {breaker} A
      </text>
      {rows.map(({ name, y }) => (
        <g key={name}>
          <path class="conductor" d={`M10 ${y} H450`} />
          <text x="60" y={y - 6}>
            {name}
          </text>
          <Ct x={290} y={y} marked={marked === "" || marked === name} />
        </g>
      ))}
    </svg>
  );
}

/** A clamp around a conductor, its arrow to the house. */
export function Ct({ x, y, marked }: { x: number; y: number; marked: boolean }) {
  return (
    <g class={marked ? "ct marked" : "ct"}>
      <rect x={x - 14} y={y - 17} width="28" height="34" rx="8" />
      <path d={`M${x - 7} ${y - 9} h12 m-4 -4 l4 4 l-4 4`} />
    </g>
  );
}
