// The view of the settings: all of them, in groups, to be searched.

import { useEffect, useState } from "preact/hooks";
import { explain, useTask } from "../parts/task";
import { phase, status } from "../session/session";
import { edit, read, settings } from "../session/settings";
import { plain, texts } from "../texts";
import { Differences } from "./differences";
import { Field, meaningOf } from "./field";
import { Files } from "./files";
import { type Group, grouped } from "./grouping";
import { Wifi } from "./wifi";

const MOST_CHARGERS = 25;
const MOST_GROUPS = 8;
const FIRST_KEY = { charger: "profile", group: "breaker_a" };

export function Change() {
  const t = texts.value.change;
  const task = useTask();
  const [sought, setSought] = useState("");
  const on = phase.value.is === "on";
  const hash = status.value?.settings_hash;
  // read anew when the meter's are others
  useEffect(() => {
    if (on) task.run(() => read());
  }, [on, hash]);
  const groups = grouped(settings.value.values()).map((group) => filtered(group, sought));
  return (
    <div class="change">
      <h2>{t.title}</h2>
      <p>{t.intro}</p>
      {task.error !== undefined && <p class="notice bad">{explain(task.error)}</p>}
      <label>
        {t.find}{" "}
        <input type="search" value={sought} onInput={(e) => setSought(e.currentTarget.value)} />
      </label>
      {groups.map(
        (group) => group.settings.length > 0 && <Section key={group.key} group={group} />,
      )}
      <p>
        <Adder what="charger" most={MOST_CHARGERS} title={t.addCharger} />{" "}
        <Adder what="group" most={MOST_GROUPS} title={t.addGroup} />
      </p>
      <Files />
      <Differences />
    </div>
  );
}

function Section({ group }: { group: Group }) {
  const t = texts.value.change;
  return (
    <details open>
      <summary>{group.title}</summary>
      {group.key.startsWith("charger") && (
        <button type="button" onClick={() => remove(group)}>
          {t.removeCharger}
        </button>
      )}
      {group.settings.some((setting) => setting.name === "wifi_ssid") && <Wifi />}
      {group.settings.map((setting) => (
        <Field key={setting.name} setting={setting} />
      ))}
    </details>
  );
}

interface AdderProps {
  what: keyof typeof FIRST_KEY;
  most: number;
  title: string;
}

function Adder({ what, most, title }: AdderProps) {
  const task = useTask();
  const has = (n: number) => settings.value.has(`${what}${n}.${FIRST_KEY[what]}`);
  const next = [...Array(most).keys()].map((i) => i + 1).find((n) => !has(n));
  return (
    <button
      type="button"
      disabled={task.busy || next === undefined}
      onClick={() => task.run(() => read([`${what}${next}`]))}
    >
      {title}
    </button>
  );
}

/** Every value back to the factory's: a charger without a profile is none. */
function remove(group: Group): void {
  for (const setting of group.settings) edit(setting.name, String(setting.default));
}

function filtered(group: Group, sought: string): Group {
  const word = sought.trim().toLowerCase();
  if (!word) return group;
  const has = (text: string) => plain(text).toLowerCase().includes(word);
  const found = group.settings.filter((s) => has(s.name) || has(meaningOf(s)) || has(group.title));
  return { ...group, settings: found };
}
