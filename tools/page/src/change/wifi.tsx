// Wi-Fi, tried before it is kept: a wrong password leaves the meter as it was.

import { useState } from "preact/hooks";
import { ImprovError } from "../link/improv";
import { explain, useTask } from "../parts/task";
import { restart } from "../session/session";
import { locked } from "../session/settings";
import { texts } from "../texts";

export function Wifi() {
  const t = texts.value.change.wifi;
  const task = useTask();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [joined, setJoined] = useState(false);
  const attempt = (event: Event) => {
    event.preventDefault();
    setJoined(false);
    task.run(async () => {
      await restart((link) => link.join(name, password));
      setPassword("");
      setJoined(true);
    });
  };
  return (
    <form class="wifi" aria-label={t.title} onSubmit={attempt}>
      <p>{t.text}</p>
      <label>
        {t.name}{" "}
        <input type="text" required value={name} onInput={(e) => setName(e.currentTarget.value)} />
      </label>{" "}
      <label>
        {t.password}{" "}
        <input
          type="password"
          autocomplete="off"
          value={password}
          onInput={(e) => setPassword(e.currentTarget.value)}
        />
      </label>{" "}
      <button type="submit" disabled={task.busy}>
        {t.attempt}
      </button>
      <p role="status">
        {task.busy && t.trying}
        {joined && !task.busy && t.joined}
      </p>
      {task.error !== undefined && (
        <p role="alert" class="notice bad">
          {problem(task.error)}
        </p>
      )}
    </form>
  );
}

function problem(error: unknown): string {
  if (!(error instanceof ImprovError)) return explain(error);
  const t = texts.value;
  const pin = locked.value ? ` ${t.change.needPin}` : "";
  return `${t.change.wifi.errors[error.why]} ${t.frame.nothingChanged}${pin}`;
}
