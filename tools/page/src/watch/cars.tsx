// A card a charger: what it may draw, what it draws, and why.

import type { Charger, Status } from "../link/answers";
import { amperes, number, plain, texts } from "../texts";
import { Pair } from "./legs";

export function Cars({ now }: { now: Status }) {
  const t = texts.value.watch;
  return (
    <section aria-label={t.chargers} class="cards">
      {now.chargers.map((charger) => (
        <CarCard key={charger.name} charger={charger} />
      ))}
      {now.chargers.length === 0 && <p>{t.noChargers}</p>}
    </section>
  );
}

function CarCard({ charger }: { charger: Charger }) {
  const t = texts.value.watch;
  const state = charger.online ? charger.state : "offline";
  const wished = charger.limited_by === "request" && charger.request_by;
  return (
    <article class={`card charger state-${state}`}>
      <h3>
        {plain(charger.name)}
        {charger.title && <small> {plain(charger.title)}</small>}
      </h3>
      <p class="figure">
        {number(Math.max(0, charger.offer_ma) / 1000, 1)}
        <small> A {t.offered}</small>
      </p>
      <dl class="row">
        <Pair name={t.state} value={t.states[state] ?? plain(state)} />
        {charger.reported_ma >= 0 && <Pair name={t.draws} value={amperes(charger.reported_ma)} />}
        {charger.mode && <Pair name={t.mode} value={plain(charger.mode)} />}
      </dl>
      <p class="why">{reasonOf(charger)}</p>
      <p class="why small">
        {wished
          ? t.wishedBy(plain(`${charger.request_by}, ${charger.request ?? ""}`))
          : t.limitedBy(limitOf(charger.limited_by))}
        ; {plain(charger.next ?? "")}
      </p>
    </article>
  );
}

function reasonOf(charger: Charger): string {
  return texts.value.said.reasons[charger.reason] ?? plain(charger.reason);
}

export function limitOf(name: string): string {
  return texts.value.said.limits[name] ?? plain(name);
}
