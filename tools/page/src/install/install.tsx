// From a blank meter to a proven installation, step by step.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { explain, useTask } from "../parts/task";
import { phase, status } from "../session/session";
import { locked, read } from "../session/settings";
import { texts } from "../texts";
import { Certificate } from "./certificate";
import { ChargersStep } from "./chargers_step";
import { CtsStep } from "./cts_step";
import { PanelStep } from "./panel_step";
import { SaveStep } from "./save_step";
import { TestStep } from "./test_step";

const STEPS = {
  panel: PanelStep,
  cts: CtsStep,
  chargers: ChargersStep,
  save: SaveStep,
  test: TestStep,
  certificate: Certificate,
};
const names = Object.keys(STEPS) as (keyof typeof STEPS)[];

const at = signal(0);

export function Install() {
  const t = texts.value.install;
  const task = useTask();
  const on = phase.value.is === "on";
  const hash = status.value?.settings_hash;
  // read anew when the meter's are others
  useEffect(() => {
    if (on) task.run(() => read());
  }, [on, hash]);
  const name = names[at.value] ?? "panel";
  const Step = STEPS[name];
  return (
    <div class="install">
      <h2>{t.title}</h2>
      <p class="notice bad">{t.danger}</p>
      {locked.value && <p class="notice">{t.needPin}</p>}
      {task.error !== undefined && <p class="notice bad">{explain(task.error)}</p>}
      <ol class="steps">
        {names.map((key, i) => (
          <li key={key}>
            <button
              type="button"
              aria-current={i === at.value ? "step" : undefined}
              onClick={() => turn(i)}
            >
              {i + 1}. {t.steps[key]}
            </button>
          </li>
        ))}
      </ol>
      <section id="step" aria-label={t.steps[name]} tabIndex={-1}>
        <Step />
      </section>
      <p class="turn">
        <button type="button" disabled={at.value === 0} onClick={() => turn(at.value - 1)}>
          {t.back}
        </button>{" "}
        <button
          type="button"
          class="main"
          disabled={at.value === names.length - 1}
          onClick={() => turn(at.value + 1)}
        >
          {t.next}
        </button>
      </p>
    </div>
  );
}

/** To another step, and whoever works by keys or by ear is at its beginning. */
function turn(to: number) {
  at.value = to;
  document.getElementById("step")?.focus();
}
