// What is wrong now, and what to do about each.

import { explain, useTask } from "../parts/task";
import { meter, status } from "../session/session";
import { plain, texts } from "../texts";
import { adviceOf } from "./advice";

export function Faults() {
  const t = texts.value;
  const list = status.value?.faults ?? [];
  return (
    <section aria-label={t.look.faults}>
      <h3>{t.look.faults}</h3>
      {list.length === 0 && <p>{t.look.noFaults}</p>}
      <dl>
        {list.map((fault) => (
          <div key={fault} class="fault">
            <dt>{plain(fault)}</dt>
            <dd>
              {t.look.advice}: {t.faults[adviceOf(fault)]}
              {adviceOf(fault) === "supervisor" && <Resume />}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The meter refuses where nothing waits for it. */
function Resume() {
  const task = useTask();
  return (
    <>
      {" "}
      <button
        type="button"
        disabled={task.busy}
        onClick={() => task.run(() => meter().ask("resume"))}
      >
        {texts.value.look.resume}
      </button>
      {task.error !== undefined && <span role="alert"> {explain(task.error)}</span>}
    </>
  );
}
