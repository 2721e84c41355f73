// Settings to a file and from a file. A file becomes the draft: it is looked at like anything
// that was typed, and saved or discarded as a whole.

import { useState } from "preact/hooks";
import { explain, useTask } from "../parts/task";
import { changes, draft, read, settings } from "../session/settings";
import {
  download,
  FileError,
  filed,
  fileName,
  pull,
  withoutSecret,
} from "../session/settings_file";
import { plain, texts } from "../texts";

export function Files() {
  const t = texts.value.change;
  const task = useTask();
  const [name, setName] = useState("");
  const open = (event: { currentTarget: HTMLInputElement }) => {
    const file = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    setName("");
    if (file) {
      task.run(async () => {
        await take(await file.text());
        setName(file.name);
      });
    }
  };
  const count = changes.value.length;
  return (
    <section class="files">
      <h3>{t.file}</h3>
      <p>{t.fileText}</p>
      <button
        type="button"
        disabled={task.busy}
        onClick={() => task.run(async () => download(fileName("cfg"), await pull()))}
      >
        {t.pull}
      </button>{" "}
      <label class="button">
        {t.push}
        <input type="file" class="hidden" accept=".cfg,.txt" onChange={open} />
      </label>
      {task.error !== undefined && (
        <p role="alert" class="notice bad">
          {problem(task.error)}
        </p>
      )}
      {name && (
        <p role="status">{count ? t.fromFile(plain(name), count) : t.sameFile(plain(name))}</p>
      )}
    </section>
  );
}

function problem(error: unknown): string {
  const t = texts.value;
  if (!(error instanceof FileError)) return explain(error);
  const line = error.line ? ` “${plain(withoutSecret(error.line).slice(0, 120))}”` : "";
  return `${t.change.fileErrors[error.fault]}${line} ${t.frame.nothingChanged}`;
}

/** The draft becomes what the file has. */
async function take(text: string): Promise<void> {
  const { defaults, values } = filed(text);
  const numbered = [...values.keys()].map((name) => name.split(".")[0] ?? "");
  const kinds = new Set(numbered.filter((kind) => /^(charger|group|ct|v)\d+$/.test(kind)));
  await read([...kinds]);
  const stranger = [...values.keys()].find((name) => !settings.value.has(name));
  if (stranger) throw new FileError("unknown", stranger);
  const next = new Map<string, string>();
  for (const [name, setting] of settings.value) {
    const after = values.get(name) ?? String(defaults ? setting.default : setting.value);
    if (after !== String(setting.value)) next.set(name, after);
  }
  draft.value = next;
}
