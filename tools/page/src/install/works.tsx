// Does the meter work, or what is missing? By its own state, as it comes.

import type { Status } from "../link/answers";
import { status } from "../session/session";
import { plain, texts } from "../texts";

export function works(now: Status): boolean {
  return now.good && now.faults.length === 0 && now.chargers.length > 0;
}

export function Works() {
  const t = texts.value;
  const now = status.value;
  if (!now) return null;
  if (works(now)) {
    return (
      <p role="status" class="notice good">
        {t.frame.works}
      </p>
    );
  }
  const missing = now.chargers.length ? now.faults : [...now.faults, t.watch.noChargers];
  return (
    <div role="status" class="notice bad">
      {t.frame.missing}
      <ul>
        {missing.map((fault) => (
          <li key={fault}>{plain(fault)}</li>
        ))}
        {missing.length === 0 && <li>{t.watch.bad}</li>}
      </ul>
    </div>
  );
}
