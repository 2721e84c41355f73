// Chargers with all that is known of them, energy, versions.

import type { Status } from "../link/answers";
import { pageVersion } from "../meter_data";
import { number, plain, span, texts } from "../texts";

export function Details({ now }: { now: Status }) {
  const t = texts.value.look;
  return (
    <>
      <section>
        <h3>{t.chargers}</h3>
        {now.chargers.map((charger) => (
          <details key={charger.name}>
            <summary>{plain(`${charger.name} ${charger.title ?? ""}`)}</summary>
            <table>
              <tbody>
                {Object.entries(charger).map(([key, value]) => (
                  <tr key={key}>
                    <th scope="row">{plain(key)}</th>
                    <td>
                      {plain(typeof value === "object" ? JSON.stringify(value) : String(value))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        ))}
      </section>
      <Energy now={now} />
      <Versions now={now} />
    </>
  );
}

function Energy({ now }: { now: Status }) {
  const t = texts.value.look;
  const kwh = (wh?: number | null) =>
    typeof wh === "number" ? `${number(wh / 1000, 2)} kWh` : "";
  const measured = now.house !== undefined;
  return (
    <section>
      <h3>{t.energy}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.channel}</th>
            <th scope="col">{t.charge}</th>
            <th scope="col">{t.about}</th>
            {measured && <th scope="col">{t.imported}</th>}
            {measured && <th scope="col">{t.exported}</th>}
          </tr>
        </thead>
        <tbody>
          {now.energy.map((total) => (
            <tr key={total.name}>
              <th scope="row">{plain(total.name)}</th>
              <td>{number(total.mah / 1000, 1)} Ah</td>
              <td>{kwh(total.wh_estimate)}</td>
              {measured && <td>{kwh(total.import_wh)}</td>}
              {measured && <td>{kwh(total.export_wh)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Versions({ now }: { now: Status }) {
  const t = texts.value.look;
  const rows: [string, string][] = [
    [t.versionRows.page, pageVersion],
    [t.versionRows.firmware, now.version],
    [t.versionRows.micropython, now.micropython],
    [t.versionRows.board, now.board],
    [t.versionRows.settings, now.settings_hash],
    [t.versionRows.boot, String(now.boot)],
    [t.versionRows.uptime, span(now.uptime_ms / 1000)],
    [t.versionRows.cause, now.cause],
  ];
  return (
    <section>
      <h3>{t.versions}</h3>
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{plain(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
