// A page to print and sign: what was installed, with which settings, and what the test has shown.

import { status } from "../session/session";
import { settings } from "../session/settings";
import { language, plain, texts } from "../texts";
import { Verdicts } from "./test_step";
import { tested, valid } from "./verdicts";
import { Works } from "./works";

const ALWAYS =
  /^(legs|breaker_a|derate_pct|ct|burden_mohm|ev_source)$|\.(profile|circuit_a|max_a|fallback_a)$/;

export function Certificate() {
  const t = texts.value.install;
  const now = status.value;
  if (!now) return null;
  const today = new Date().toLocaleDateString(language.value, { dateStyle: "long" });
  const rows: [string, string][] = [
    [t.meter, `Headroom ${plain(now.version)}, ${plain(now.board)}`],
    [t.settingsHash, plain(now.settings_hash)],
    [texts.value.frame.pin, t.lockState[now.lock] ?? plain(now.lock)],
    [t.date, today],
  ];
  return (
    <article class="certificate">
      <h3>{t.certificate}</h3>
      <p class="screen">
        {t.certificateText}{" "}
        <button type="button" class="main" onClick={() => window.print()}>
          {t.print}
        </button>
      </p>
      <Written label={t.place} />
      <Written label={t.installer} />
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h4>{t.result}</h4>
      <Works />
      <h4>{t.selftest}</h4>
      {tested.value && valid.value
        ? t.testedAt(tested.value.at.toLocaleString(language.value))
        : t.notTested}
      {valid.value && <Verdicts />}
      <h4>{t.settings}</h4>
      <Settings />
      <Written label={t.remarks} />
      <p class="sign">
        <span>
          {t.date}, {t.signature}
        </span>
      </p>
    </article>
  );
}

function Settings() {
  const list = [...settings.value.values()].filter(
    (setting) => ALWAYS.test(setting.name) || setting.value !== setting.default,
  );
  return (
    <ul class="columns">
      {list.map((setting) => (
        <li key={setting.name}>
          {plain(setting.name)} = {plain(String(setting.value))} {plain(setting.unit)}
        </li>
      ))}
    </ul>
  );
}

function Written({ label }: { label: string }) {
  return (
    <label class="written">
      {label}
      <input type="text" autocomplete="off" />
    </label>
  );
}
