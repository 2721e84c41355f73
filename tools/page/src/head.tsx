// The head of the page: which meter, language, light or dark, the installer's lock.

import { effect, signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { explain, useTask } from "./parts/task";
import { connect, disconnect, meter, phase, served, status } from "./session/session";
import { language, languages, plain, texts } from "./texts";

const theme = signal("auto");

effect(() => {
  const value = theme.value;
  document.documentElement.style.colorScheme = value === "auto" ? "light dark" : value;
});

export function Head() {
  const t = texts.value.frame;
  return (
    <header>
      <h1>Headroom</h1>
      <Connection />
      <Lock />
      <label>
        <span class="hidden">{t.language}</span>
        <select value={language.value} onChange={(e) => (language.value = e.currentTarget.value)}>
          {Object.entries(languages).map(([key, { name }]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="hidden">{t.theme}</span>
        <select value={theme.value} onChange={(e) => (theme.value = e.currentTarget.value)}>
          {Object.entries(t.themes).map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}

function Connection() {
  const t = texts.value.frame;
  const now = status.value;
  const is = phase.value.is;
  return (
    <p class="connection">
      <span role="status" class={`lamp ${is}`}>
        {is === "on" && now && t.on(plain(now.board), plain(now.version))}
        {is === "opening" && t.opening}
      </span>
      {!served && is === "on" && (
        <button type="button" onClick={() => void disconnect()}>
          {t.disconnect}
        </button>
      )}
      {!served && is === "off" && now && (
        <button type="button" onClick={() => void connect()}>
          {t.connect}
        </button>
      )}
    </p>
  );
}

function Lock() {
  const t = texts.value.frame;
  const task = useTask();
  const [pin, setPin] = useState("");
  const lock = status.value?.lock;
  if (phase.value.is !== "on" || !lock || lock === "no PIN") return null;
  if (lock === "open") {
    return (
      <p class="lock">
        {t.open}{" "}
        <button type="button" onClick={() => task.run(() => meter().ask("lock"))}>
          {t.lock}
        </button>
      </p>
    );
  }
  const unlock = (event: Event) => {
    event.preventDefault();
    task.run(() => meter().ask(`unlock ${pin}`, 15_000));
    setPin("");
  };
  return (
    <form class="lock" onSubmit={unlock}>
      <label>
        {t.locked}, {t.pin}
        <input
          type="password"
          inputMode="numeric"
          autocomplete="off"
          pattern="[0-9]{4,16}"
          required
          value={pin}
          onInput={(e) => setPin(e.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={task.busy}>
        {t.unlock}
      </button>
      {task.error !== undefined && <span role="alert">{explain(task.error)}</span>}
    </form>
  );
}
