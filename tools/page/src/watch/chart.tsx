// One chart: uPlot with the colours of the page.

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Series } from "../session/history";
import { plain } from "../texts";

export interface Line {
  name: string;
  label: string;
  colour: string;
  fill?: boolean;
  dashed?: boolean;
}

interface Props {
  title: string;
  series: Series;
  seconds: number;
  lines: Line[];
  words: string;
}

const HEIGHT = 190;

export function Chart({ title, series, seconds, lines, words }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const kind = lines.map((line) => line.label).join();

  // `kind` stands for `lines`
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(options(lines, element.clientWidth), [[]], element);
    plot.current = made;
    const watcher = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, [kind]);

  useEffect(() => {
    const end = series.times.at(-1) ?? 0;
    const from = series.times.findIndex((at) => at >= end - seconds);
    const times = series.times.slice(Math.max(0, from));
    const rows = lines.map((line) => {
      const column = series.columns.get(line.name) ?? [];
      return column.slice(Math.max(0, from));
    });
    plot.current?.setData([times, ...rows], false);
    plot.current?.setScale("x", { min: end - seconds, max: end });
    const most = Math.max(10, ...rows.flatMap((row) => row.reduce((a, b) => Math.max(a, b), 0)));
    plot.current?.setScale("y", { min: 0, max: 1.15 * most });
  });

  return (
    <figure class="chart">
      <figcaption>
        {plain(title)}
        {lines.map((line) => (
          <span key={line.name} class="key" style={{ "--colour": `var(${line.colour})` }}>
            {plain(line.label)}
          </span>
        ))}
      </figcaption>
      <div ref={place} role="img" aria-label={plain(words)} />
    </figure>
  );
}

function options(lines: Line[], width: number): uPlot.Options {
  const axis = { stroke: () => css("--ink"), grid: { stroke: () => css("--grid"), width: 1 } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    axes: [axis, { ...axis, size: 60, values: (_, ticks) => ticks.map((tick) => `${tick} A`) }],
    series: [
      {},
      ...lines.map((line) => ({
        stroke: () => css(line.colour),
        fill: line.fill ? () => `${css(line.colour)}40` : undefined,
        width: 2,
        dash: line.dashed ? [8, 6] : undefined,
        points: { show: false },
      })),
    ],
  };
}

/** A colour of style/base.css as it is now, light or dark. */
function css(name: string): string {
  const probe = document.getElementById("probe") ?? document.body.appendChild(made());
  probe.style.color = `var(${name})`;
  const [r = 0, g = 0, b = 0] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function made(): HTMLElement {
  const probe = document.createElement("i");
  probe.id = "probe";
  probe.hidden = true;
  return probe;
}
