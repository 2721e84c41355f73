// A part of this view that asks the meter once it is opened, and again by a button.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { explain, useTask } from "../parts/task";
import { phase } from "../session/session";
import { texts } from "../texts";

interface Props<T> {
  title: string;
  text?: string;
  ask: () => Promise<T>;
  children: (answer: T) => ComponentChildren;
}

export function Asked<T>({ title, text, ask, children }: Props<T>) {
  const task = useTask();
  const [answer, setAnswer] = useState<T>();
  const on = phase.value.is === "on";
  const again = () => task.run(async () => setAnswer(await ask()));
  // once it is there, and when it is back
  useEffect(() => {
    if (on) again();
  }, [on]);
  return (
    <section>
      <h3>{title}</h3>
      {text && <p class="small">{text}</p>}
      {task.error !== undefined && <p class="notice bad">{explain(task.error)}</p>}
      {answer !== undefined && children(answer)}
      <button
        type="button"
        aria-label={`${texts.value.look.refresh}: ${title}`}
        disabled={task.busy}
        onClick={again}
      >
        {texts.value.look.refresh}
      </button>
    </section>
  );
}
