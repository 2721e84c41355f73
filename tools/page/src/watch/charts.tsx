// The course of each leg and of the charging, as far as the page was open.

import { signal } from "@preact/signals";
import type { Status } from "../link/answers";
import { history } from "../session/session";
import { amperes, texts } from "../texts";
import { Chart, type Line } from "./chart";

const shownS = signal(120);
const OFFERS = ["--offer1", "--offer2", "--offer3", "--offer4"];

export function Charts({ now }: { now: Status }) {
  const t = texts.value.watch;
  const series = shownS.value > 600 ? history.coarse : history.fine;
  const legs = now.legs.map((leg) => leg.name);
  const chargers = now.chargers.map((charger) => charger.name);
  return (
    <section class="charts">
      <h3>{t.chart}</h3>
      <fieldset class="choice">
        <legend class="hidden">{t.range}</legend>
        {Object.entries(t.ranges).map(([seconds, name]) => (
          <label key={seconds}>
            <input
              type="radio"
              name="range"
              checked={shownS.value === Number(seconds)}
              onChange={() => (shownS.value = Number(seconds))}
            />
            {name}
          </label>
        ))}
      </fieldset>
      {legs.map((leg) => (
        <Chart
          key={leg}
          title={leg}
          series={series}
          seconds={shownS.value}
          lines={legLines(leg)}
          words={t.chartText(leg, ...figures(leg))}
        />
      ))}
      {chargers.length > 0 && (
        <Chart
          title={t.charging}
          series={series}
          seconds={shownS.value}
          lines={chargingLines(chargers)}
          words={t.chartText(t.cars, ...figures("cars"))}
        />
      )}
    </section>
  );

  function legLines(leg: string): Line[] {
    return [
      { name: `${leg} base`, label: t.house, colour: "--house", fill: true },
      { name: leg, label: t.current, colour: "--mains" },
      { name: `${leg} limit`, label: t.limit, colour: "--limit", dashed: true },
    ];
  }

  function chargingLines(names: string[]): Line[] {
    return [
      { name: "cars", label: t.cars, colour: "--car", fill: true },
      ...names.map((name, i) => ({
        name,
        label: name,
        colour: OFFERS[i % OFFERS.length] ?? "--mains",
      })),
    ];
  }

  function figures(name: string): [string, string] {
    const column = series.columns.get(name) ?? [0];
    return [amperes(1000 * (column.at(-1) ?? 0)), amperes(1000 * Math.max(...column))];
  }
}
