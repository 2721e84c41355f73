// What would change, before it is saved.

import { useState } from "preact/hooks";
import { explain, useTask } from "../parts/task";
import { status } from "../session/session";
import { type Change, changes, forget, isSecret, locked, save } from "../session/settings";
import { plain, texts } from "../texts";
import { shown } from "./field";

export function Differences() {
  const t = texts.value.change;
  const task = useTask();
  const [saved, setSaved] = useState(false);
  const list = changes.value;
  const nothing = list.length === 0 && !status.value?.unsaved; // also of what the line broke at
  const keep = () => {
    setSaved(false);
    task.run(async () => {
      await save();
      setSaved(true);
    });
  };
  return (
    <section class="differences" aria-label={t.differences}>
      <h3>{t.differences}</h3>
      {list.length > 0 && <Table list={list} />}
      {list.length === 0 && <p>{nothing ? t.nothing : texts.value.frame.unsaved}</p>}
      <p role="status">
        {task.busy && t.saving}
        {saved && !task.busy && list.length === 0 && t.saved(status.value?.settings_hash ?? "")}
      </p>
      {task.error !== undefined && !nothing && (
        <p role="alert" class="notice bad">
          {explain(task.error)}
          {locked.value && ` ${t.needPin}`}
        </p>
      )}
      <button type="button" class="main" disabled={nothing || task.busy} onClick={keep}>
        {t.save}
      </button>{" "}
      <button type="button" disabled={list.length === 0 || task.busy} onClick={forget}>
        {t.discard}
      </button>
    </section>
  );
}

export function Table({ list }: { list: Change[] }) {
  const t = texts.value.change;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t.setting}</th>
          <th scope="col">{t.before}</th>
          <th scope="col">{t.after}</th>
        </tr>
      </thead>
      <tbody>
        {list.map((change) => (
          <tr key={change.name}>
            <th scope="row">{plain(change.name)}</th>
            <td>{isSecret(change.name) ? "…" : shown(change.before)}</td>
            <td>{isSecret(change.name) ? "…" : shown(change.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
