// The meter's own log, newest first, with the hour where it can be known.

import type { Event } from "../link/answers";
import { asEvent } from "../link/answers";
import { meter, status } from "../session/session";
import { language, plain, span, texts } from "../texts";
import { Asked } from "./asked";

const COUNT = 100;

export async function askEvents(): Promise<Event[]> {
  return (await meter().askJson(`log ${COUNT}`, 15_000)).map(asEvent).reverse();
}

export function Events() {
  const t = texts.value.look;
  return (
    <Asked title={t.events} text={t.eventsText} ask={askEvents}>
      {(events) =>
        events.length === 0 ? (
          <p>{t.noEvents}</p>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">{t.start}</th>
                <th scope="col">{t.when}</th>
                <th scope="col">{t.what}</th>
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <tr key={event.number}>
                  <td>{event.boot}</td>
                  <td>{when(event)}</td>
                  <td>{plain(event.text)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Asked>
  );
}

function when(event: Event): string {
  const now = status.value;
  if (now?.boot !== event.boot) return texts.value.look.after(span(event.s));
  const at = new Date(Date.now() - now.uptime_ms + 1000 * event.s);
  return at.toLocaleString(language.value, { dateStyle: "short", timeStyle: "medium" });
}
