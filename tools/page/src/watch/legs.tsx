// A card a leg: its current in figures that are read from across the room, against its limit.

import type { Leg, Status } from "../link/answers";
import { amperes, number, plain, texts } from "../texts";

export function Legs({ now }: { now: Status }) {
  const t = texts.value.watch;
  return (
    <section aria-label={t.legs} class={now.good ? "cards" : "cards doubtful"}>
      {now.legs.map((leg) => (
        <LegCard key={leg.name} leg={leg} />
      ))}
      {now.legs.length === 0 && <p>{t.noLegs}</p>}
      {!now.good && <p class="notice bad">{t.bad}</p>}
    </section>
  );
}

function LegCard({ leg }: { leg: Leg }) {
  const t = texts.value.watch;
  const most = Math.max(leg.limit_ma, leg.ma, 1);
  const share = (ma: number) => `${Math.max(0, Math.min(100, (100 * ma) / most))}%`;
  return (
    <article class="card leg">
      <h3>{plain(leg.name)}</h3>
      <p class="figure">
        {number(leg.ma / 1000, 1)}
        <small> A</small>
      </p>
      <div class={leg.ma > leg.limit_ma ? "bar over" : "bar"} aria-hidden="true">
        <span class="house" style={{ width: share(leg.base_ma) }} />
        <span class="car" style={{ width: share(leg.ma - leg.base_ma) }} />
      </div>
      <dl class="row">
        <Pair name={t.house} value={amperes(leg.base_ma)} />
        <Pair name={t.headroom} value={amperes(leg.headroom_ma)} />
        <Pair name={t.limit} value={amperes(leg.limit_ma)} />
        {leg.w !== undefined && (
          <Pair name="W" value={leg.w === null ? t.unknown : number(leg.w)} />
        )}
      </dl>
    </article>
  );
}

export function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
