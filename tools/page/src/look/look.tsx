// The view for whoever looks for a cause.

import { status } from "../session/session";
import { texts } from "../texts";
import { Details } from "./details";
import { Events } from "./events";
import { Faults } from "./faults";
import { Gather } from "./gather";
import { Sessions } from "./sessions";
import { Why } from "./why";

export function Look() {
  const now = status.value;
  if (!now) return null;
  return (
    <div class="look">
      <h2>{texts.value.look.title}</h2>
      <Faults />
      <Why />
      <Events />
      <Sessions />
      <Details now={now} />
      <Gather />
    </div>
  );
}
