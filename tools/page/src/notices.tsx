// What must be known now, whichever view is open: the line, the firmware's age, faults, jobs.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { pageVersion } from "./meter_data";
import { job, phase, restarts, status } from "./session/session";
import { plain, texts } from "./texts";

const seen = signal(0); // restarts that the user has hidden

export function Notices() {
  const t = texts.value.frame;
  const now = status.value;
  const line = phase.value;
  return (
    <div class="notices" aria-live="polite">
      {line.is === "lost" && (
        <Notice bad>
          {t.trouble[line.why]} {now && t.again}
        </Notice>
      )}
      {now && <Age meter={now.version} />}
      {restarts.value.count > seen.value && (
        <Notice>
          {t.restarted(plain(restarts.value.cause))}{" "}
          <button type="button" onClick={() => (seen.value = restarts.value.count)}>
            {t.dismiss}
          </button>
        </Notice>
      )}
      {job.value && <Notice>{t.jobs[job.value]}</Notice>}
      {now?.faults.map((fault) => (
        <Notice bad key={fault}>
          {plain(fault)}
        </Notice>
      ))}
      {now?.unsaved && <Notice>{t.unsaved}</Notice>}
      {now?.lock === "no PIN" && <Notice>{t.noPin}</Notice>}
    </div>
  );
}

function Notice({ bad, children }: { bad?: boolean; children: ComponentChildren }) {
  return <p class={bad ? "notice bad" : "notice"}>{children}</p>;
}

function Age({ meter }: { meter: string }) {
  const t = texts.value.frame;
  const order = compared(meter, pageVersion);
  if (order === 0) return null;
  const text = order > 0 ? t.newer : t.older;
  return <Notice>{text(plain(meter), pageVersion)}</Notice>;
}

/** Above 0 if version `a` is the newer one. */
export function compared(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
