// What each car took, where the meter counts it.

import { asSession, type Session } from "../link/answers";
import { Refused } from "../link/link";
import { meter } from "../session/session";
import { number, plain, span, texts } from "../texts";
import { Asked } from "./asked";

const COUNT = 20;

/** None where the meter does not count them: that is a setting. */
async function askSessions(): Promise<Session[]> {
  try {
    return (await meter().askJson(`sessions ${COUNT}`, 15_000)).map(asSession).reverse();
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}

export function Sessions() {
  const t = texts.value.look;
  const kwh = (wh: number | null) => (wh === null ? "" : `${number(wh / 1000, 2)} kWh`);
  return (
    <Asked title={t.sessions} ask={askSessions}>
      {(sessions) =>
        sessions.length === 0 ? (
          <p>{t.noSessions}</p>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">{t.when}</th>
                <th scope="col">{t.chargers}</th>
                <th scope="col">{t.energy}</th>
                <th scope="col">{t.ofSun}</th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <tr key={`${session.number} ${session.charger}`}>
                  <td>{plain(session.begin ?? span(session.seconds))}</td>
                  <td>{plain(session.charger)}</td>
                  <td>{kwh(session.wh)}</td>
                  <td>{kwh(session.sun_wh)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Asked>
  );
}
