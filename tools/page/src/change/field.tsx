// One setting: its value to change, its unit, what is allowed, what it means.

import type { Setting } from "../link/answers";
import { edit, isWord, wanted } from "../session/settings";
import { plain, texts } from "../texts";

export function Field({ setting }: { setting: Setting }) {
  const t = texts.value.change;
  const { name } = setting;
  const value = wanted(name);
  const changed = value !== String(setting.value);
  const id = `setting-${name}`;
  return (
    <div class={changed ? "field changed" : "field"}>
      <label for={id}>
        {plain(name)}
        {changed && <strong class="mark"> {t.changed}</strong>}
      </label>
      <span class="entry">
        <Entry id={id} setting={setting} value={value} />
        {setting.unit && <span class="unit">{plain(setting.unit)}</span>}
        {changed && (
          <button type="button" onClick={() => edit(name, String(setting.value))}>
            {t.undo}
          </button>
        )}
      </span>
      <p id={`${id}-help`} class="small">
        {meaningOf(setting)} · {allowed(setting)} · {t.standard(shown(setting.default))}
        {changed && ` · ${t.was(shown(setting.value))}`}
      </p>
    </div>
  );
}

interface EntryProps {
  id: string;
  setting: Setting;
  value: string;
  /** Settings that get the same value. */
  also?: string[];
}

export function Entry({ id, setting, value, also = [] }: EntryProps) {
  const common = { id, "aria-describedby": `${id}-help`, value };
  const set = (e: { currentTarget: { value: string } }) => {
    for (const name of [setting.name, ...also]) edit(name, e.currentTarget.value);
  };
  if (isWord(setting)) {
    const words = setting.range.map(String);
    if (setting.default === "" && !words.includes("")) words.unshift("");
    return (
      <select {...common} onChange={set}>
        {words.map((word) => (
          <option key={word} value={word}>
            {shown(word)}
          </option>
        ))}
      </select>
    );
  }
  if (setting.set !== undefined) {
    const t = texts.value.change;
    const hint = setting.set ? t.isSet : t.notSet;
    return (
      <input {...common} type="password" autocomplete="off" placeholder={hint} onInput={set} />
    );
  }
  if (typeof setting.default === "string") {
    return <input {...common} type="text" maxLength={Number(setting.range[1])} onInput={set} />;
  }
  const [min, max] = setting.range;
  return <input {...common} type="number" step="1" min={min} max={max} onInput={set} />;
}

export function meaningOf(setting: Setting): string {
  const row = setting.name.replace(/^(charger|group|ct|v)\d+\./, "$1N.");
  return texts.value.said.meanings[row] ?? plain(setting.meaning);
}

function allowed(setting: Setting): string {
  const t = texts.value.change;
  if (isWord(setting)) return setting.range.map((word) => plain(String(word))).join(", ");
  const [low = 0, high = 0] = setting.range;
  if (typeof setting.default === "string") return t.characters(Number(high));
  return t.allowed(String(low), String(high));
}

export function shown(value: string | number): string {
  return value === "" ? texts.value.change.none : plain(String(value));
}
