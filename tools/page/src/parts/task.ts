// Something that is asked of the meter by a click: it runs, it is done, or it says why not.

import { useState } from "preact/hooks";
import { LinkError, Refused, Untypable } from "../link/link";
import { TransportError } from "../link/transport";
import { plain, texts } from "../texts";

export interface Task {
  busy: boolean;
  error: unknown;
  run(work: () => Promise<unknown>): void;
}

export function useTask(): Task {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const run = (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    work()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return { busy, error, run };
}

/** In words for the user. */
export function explain(error: unknown): string {
  const t = texts.value.frame;
  if (error instanceof Refused) return `${t.refused}: ${plain(error.message)}`;
  if (error instanceof LinkError || error instanceof TransportError) {
    return `${t.failed}: ${t.trouble[error.why]}`;
  }
  if (error instanceof Untypable)
    return `${t.untypable(plain(error.message))} ${t.nothingChanged}`;
  return `${t.failed}: ${plain(String(error))}`;
}
