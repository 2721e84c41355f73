// The chargers: found on the line or added by hand, with their breakers and fallbacks.

import { families } from "../meter_data";
import { useTask } from "../parts/task";
import { job } from "../session/session";
import { chargerNumbers, edit, settings, wanted } from "../session/settings";
import { plain, texts } from "../texts";
import { Question } from "./question";
import { addCharger, Scan } from "./scan";

const RELAY = "relay";
const POLLED = "polled";
const FIRST = "heidelberg";

export function ChargersStep() {
  const t = texts.value.install;
  const task = useTask();
  return (
    <>
      <Scan />
      {chargerNumbers.value.length === 0 && <p>{t.noChargers}</p>}
      {chargerNumbers.value.map((n) => (
        <Charger key={n} name={`charger${n}`} />
      ))}
      <button
        type="button"
        disabled={task.busy || job.value !== ""}
        onClick={() => task.run(() => addCharger(FIRST))}
      >
        {t.byHand}
      </button>
    </>
  );
}

function Charger({ name }: { name: string }) {
  const t = texts.value.install;
  const profile = wanted(`${name}.profile`);
  const known = settings.value.get(`${name}.profile`);
  const unlined = { [RELAY]: t.relay, [POLLED]: t.polled }[profile];
  const title = families[profile]?.title ?? unlined ?? profile;
  const remove = () => {
    for (const [key, setting] of settings.value) {
      if (key.startsWith(`${name}.`)) edit(key, String(setting.default));
    }
  };
  return (
    <fieldset class="charger">
      <legend>
        {name}: {plain(title)}
      </legend>
      {known && <Question name={`${name}.profile`} />}
      {profile === RELAY && <Question name={`${name}.pin`} />}
      {!unlined && <Question name={`${name}.address`} />}
      <Question name={`${name}.circuit_a`} />
      <Question name={`${name}.max_a`} />
      <Question name={`${name}.fallback_a`} />
      <Question name={`${name}.legs`} />
      <button type="button" onClick={remove}>
        {t.remove}
      </button>
    </fieldset>
  );
}
