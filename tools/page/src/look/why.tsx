// Each limit of each charger, and which binds.

import { asWhy } from "../link/answers";
import { meter } from "../session/session";
import { amperes, plain, texts } from "../texts";
import { limitOf } from "../watch/cars";
import { Asked } from "./asked";

export const askWhy = async () => (await meter().askJson("why", 15_000)).map(asWhy);

export function Why() {
  const t = texts.value.look;
  return (
    <Asked title={t.why} text={t.whyText} ask={askWhy}>
      {(chargers) =>
        chargers.map((charger) => (
          <table key={charger.name}>
            <caption>{plain(charger.name)}</caption>
            <thead>
              <tr>
                <th scope="col">{t.limit}</th>
                <th scope="col">{t.amperes}</th>
                <th scope="col">{t.because}</th>
              </tr>
            </thead>
            <tbody>
              {charger.limits.map((limit) => (
                <tr key={limit.name} class={limit.binds ? "binds" : ""}>
                  <th scope="row">
                    {limitOf(limit.name)}
                    {limit.binds && <strong class="mark"> {t.binds}</strong>}
                  </th>
                  <td>{amperes(limit.ma)}</td>
                  <td>{plain(limit.why)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))
      }
    </Asked>
  );
}
