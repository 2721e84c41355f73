// What is wrong now, and what to do about each.

import { status } from "../session/session";
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
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
