// The PIN, all differences, and the meter started with them.

import { useState } from "preact/hooks";
import { Table } from "../change/differences";
import { explain, useTask } from "../parts/task";
import { meter, restart } from "../session/session";
import { asLines, changes, forget, take } from "../session/settings";
import { texts } from "../texts";
import { Works } from "./works";

export function SaveStep() {
  const t = texts.value.install;
  const task = useTask();
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const [saved, setSaved] = useState(false);
  const list = changes.value;
  const save = async () => {
    setSaved(false);
    await take(asLines(list));
    if (pin) await meter().ask(`pin ${pin}`, 15_000);
    await restart((link) => link.ask("save"));
    forget();
    setPin("");
    setAgain("");
    setSaved(true);
  };
  return (
    <>
      <h3>{t.pinTitle}</h3>
      <p>{t.pinText}</p>
      <Pin label={t.newPin} value={pin} set={setPin} />
      <Pin label={t.again} value={again} set={setAgain} />
      {pin !== again && <p role="status">{t.pinsDiffer}</p>}
      <h3>{texts.value.change.differences}</h3>
      {list.length ? <Table list={list} /> : <p>{t.saveAgain}</p>}
      <button
        type="button"
        class="main"
        disabled={task.busy || pin !== again}
        onClick={() => task.run(save)}
      >
        {t.save}
      </button>
      <p role="status">{task.busy && texts.value.change.saving}</p>
      {task.error !== undefined && (
        <p role="alert" class="notice bad">
          {explain(task.error)}
        </p>
      )}
      {saved && !task.busy && <Works />}
    </>
  );
}

function Pin({ label, value, set }: { label: string; value: string; set: (pin: string) => void }) {
  return (
    <label class="field">
      {label}
      <input
        type="password"
        inputMode="numeric"
        autocomplete="new-password"
        pattern="[0-9]{4,16}"
        value={value}
        onInput={(e) => set(e.currentTarget.value)}
      />
    </label>
  );
}
