// The service and its main breaker.

import { edit, legCount, wanted } from "../session/settings";
import { texts } from "../texts";
import { PanelPicture } from "./panel_picture";
import { Choice, Question } from "./question";

export function PanelStep() {
  const t = texts.value.install;
  return (
    <div class="side">
      <div>
        <Choice
          name="legs"
          question={t.service}
          options={Object.entries(t.services).map(([value, text]) => ({ value, text }))}
          chosen={chooseLegs}
        />
        <Question name="breaker_a" />
        <Question name="derate_pct" />
        <Question name="nominal_v" />
        <Question name="contact_pin" />
      </div>
      <PanelPicture legs={legCount.value} breaker={wanted("breaker_a")} />
    </div>
  );
}

/** One EV CT can't tell three legs apart. */
function chooseLegs(legs: string): void {
  edit("legs", legs);
  if (legs === "3" && wanted("ev_source") === "ct") edit("ev_source", "estimate");
}
