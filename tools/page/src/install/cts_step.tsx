// The current transformers: type, burden, and where each one goes, drawn from the board's data.

import { type Board, boardOf } from "../meter_data";
import { status } from "../session/session";
import { edit, legCount, wanted } from "../session/settings";
import { amperes, number, texts } from "../texts";
import { Ct } from "./panel_picture";
import { Choice, Question } from "./question";

export function CtsStep() {
  const t = texts.value.install;
  const board = boardOf(status.value?.board ?? "");
  const byCt = wanted("ev_source") === "ct";
  return (
    <>
      <Question name="ct" />
      {wanted("ct") === "custom" && <Question name="ct_ratio" />}
      <Question name="burden_mohm" />
      <Choice
        name="ev_source"
        question={t.evSource}
        options={Object.entries(t.evSources)
          .filter(
            ([value]) =>
              value !== "ct" || wanted("legs") !== "3" || board?.channels.includes("L3"),
          )
          .map(([value, text]) => ({ value, text }))}
        chosen={(value) => edit("ev_source", value)}
      />
      {byCt && <Question name="ev_ct" />}
      {byCt && <Question name="ev_burden_mohm" />}
      <h3>{t.ctByCt}</h3>
      <p>{t.ctText}</p>
      <div class="cards">
        {channels().map((name) => (
          <CtCard key={name} name={name} board={board} />
        ))}
      </div>
      {board?.wiring && <Wiring board={board} />}
    </>
  );
}

function channels(): string[] {
  const legs = [...Array(legCount.value).keys()].map((i) => `L${i + 1}`);
  return wanted("ev_source") === "ct" ? [...legs, "EV"] : legs;
}

function CtCard({ name, board }: { name: string; board: Board | undefined }) {
  const t = texts.value.install;
  const place = board?.channels.indexOf(
    name === "L3" && !board.channels.includes("L3") ? "EV" : name,
  );
  const input = board?.inputs[place ?? -1] ?? "";
  const mohm = Number(wanted(name === "EV" ? "ev_burden_mohm" : "burden_mohm"));
  const type = wanted(name === "EV" ? "ev_ct" : "ct");
  const burden = type.endsWith("mv") ? "" : t.burden(number(mohm / 1000, mohm % 1000 ? 1 : 0));
  const now = status.value;
  const leg = now?.legs.find((found) => found.name === name);
  const ma = name === "EV" ? now?.ev_ma : leg?.ma;
  return (
    <article class="card">
      <h4>{name}</h4>
      <svg class="picture" viewBox="0 0 300 130" role="img" aria-label={t.around[name]}>
        <path class="conductor" d="M10 40 H290" />
        <text x="12" y="30">
          {name}
        </text>
        <Ct x={120} y={40} marked />
        <path class="wire" d="M120 57 V96 H190" />
        <rect class="box" x="190" y="74" width="104" height="44" rx="6" />
        <text x="242" y="92" text-anchor="middle">
          {input || name}
        </text>
        <text x="242" y="110" text-anchor="middle" class="small">
          {burden}
        </text>
      </svg>
      <p>
        {t.around[name]}
        {input && `, ${t.goesTo(input)}`}
      </p>
      {ma !== undefined && ma >= 0 && <p>{t.reads(amperes(ma))}</p>}
    </article>
  );
}

function Wiring({ board }: { board: Board }) {
  const t = texts.value.install;
  return (
    <details>
      <summary>{t.wholeWiring}</summary>
      <img
        class="wiring"
        src={`data:image/svg+xml,${encodeURIComponent(board.wiring)}`}
        alt={t.wiringOf(board.title)}
      />
    </details>
  );
}
