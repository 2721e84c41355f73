// The view that an owner looks at: what flows, what is left, what the cars get and why.

import { phase, status } from "../session/session";
import { texts } from "../texts";
import { Cars } from "./cars";
import { Charts } from "./charts";
import { Flow } from "./flow";
import { Keep } from "./keep";
import { Legs } from "./legs";
import { Wishes } from "./wishes";

export function Watch() {
  const t = texts.value.watch;
  const now = status.value;
  if (!now) return null;
  return (
    <div class={phase.value.is === "on" ? "watch" : "watch doubtful"}>
      <h2 class="hidden">{t.title}</h2>
      <Legs now={now} />
      <Cars now={now} />
      <Wishes now={now} />
      <Flow now={now} />
      <Charts now={now} />
      <Keep />
    </div>
  );
}
