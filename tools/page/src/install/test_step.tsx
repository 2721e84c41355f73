// The self-test as it runs: what is told, which leg moves, and the verdicts in plain words.

import { explain, useTask } from "../parts/task";
import { job, status } from "../session/session";
import { amperes, language, plain, texts } from "../texts";
import { Chart, type Line } from "../watch/chart";
import {
  isGood,
  seen,
  step,
  stop,
  swapped,
  test,
  tested,
  type Verdict,
  verdicts,
  waits,
} from "./verdicts";

const COLOURS: Record<string, string> = {
  told: "--limit",
  EV: "--car",
  L1: "--mains",
  L2: "--offer2",
  L3: "--offer3",
};
const SHOWN_S = 125;

export function TestStep() {
  const t = texts.value.install;
  const task = useTask();
  const chargers = status.value?.chargers.map((charger) => charger.name) ?? [];
  const at = step.value;
  const busy = task.busy || job.value !== ""; // it goes on while another view is open
  return (
    <>
      <p>{t.testText}</p>
      <button
        type="button"
        class="main"
        disabled={busy || chargers.length === 0}
        onClick={() => task.run(() => test())}
      >
        {t.test}
      </button>{" "}
      {chargers.length > 1 &&
        chargers.map((name) => (
          <span key={name}>
            <button
              type="button"
              disabled={busy}
              onClick={() => task.run(() => test(name.replace("charger", "")))}
            >
              {t.testOne(plain(name))}
            </button>{" "}
          </span>
        ))}
      {job.value === "selftest" && (
        <button type="button" onClick={() => void stop()}>
          {t.stop}
        </button>
      )}
      {waits.value && busy && <p role="status">{t.waits}</p>}
      {at && (
        <p role="status">
          {plain(at.charger)}: {t.step(at.step, at.of, amperes(at.told_ma))}{" "}
          <progress max={at.of} value={at.step} aria-hidden="true" />
        </p>
      )}
      {seen.value.times.length > 0 && <Course />}
      {task.error !== undefined && <p class="notice bad">{explain(task.error)}</p>}
      <Verdicts />
      {tested.value && !busy && (
        <p>{t.testedAt(tested.value.at.toLocaleString(language.value))}</p>
      )}
    </>
  );
}

function Course() {
  const t = texts.value.install;
  const lines: Line[] = [...seen.value.columns.keys()].map((name) => ({
    name,
    label: name === "told" ? t.told : name,
    colour: COLOURS[name] ?? "--ink",
    dashed: name === "told",
  }));
  const words = [...seen.value.columns].map(
    ([name, column]) => `${name} ${amperes(1000 * (column.at(-1) ?? 0))}`,
  );
  return (
    <Chart
      title={t.selftest}
      series={seen.value}
      seconds={SHOWN_S}
      lines={lines}
      words={words.join(", ")}
    />
  );
}

export function Verdicts() {
  return (
    <ul class="verdicts" aria-live="polite">
      {verdicts.value.map((verdict) => (
        <li
          key={verdict.charger + verdict.text}
          class={isGood(verdict) ? "notice good" : "notice bad"}
        >
          <One verdict={verdict} />
        </li>
      ))}
    </ul>
  );
}

function One({ verdict }: { verdict: Verdict }) {
  const t = texts.value.install;
  const pair = swapped(verdict);
  return (
    <>
      {plain(verdict.charger)}: <strong>{t.verdicts[verdict.code] ?? plain(verdict.code)}</strong>
      {pair && ` – ${t.swap(...pair)}`}
      <br />
      <span class="small">{plain(verdict.text)}</span>
    </>
  );
}
