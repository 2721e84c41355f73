// One file for whoever helps: settings without secrets, log, state, a minute of readings.

import { useState } from "preact/hooks";
import { pageVersion } from "../meter_data";
import { explain, useTask } from "../parts/task";
import { meter, pause, status } from "../session/session";
import { download, fileName, withoutSecret } from "../session/settings_file";
import { texts } from "../texts";
import { askEvents } from "./events";
import { askWhy } from "./why";

const SECONDS = 60;

export function Gather() {
  const t = texts.value.look;
  const task = useTask();
  const [left, setLeft] = useState(0);
  const [done, setDone] = useState(false);
  const gather = async () => {
    setDone(false);
    const dump = (await meter().ask("dump", 15_000)).split("\n");
    const found = {
      page: pageVersion,
      browser: navigator.userAgent,
      time: new Date().toISOString(),
      settings: dump.map(withoutSecret),
      log: await askEvents(),
      why: await askWhy(),
      readings: [status.value],
    };
    for (let second = SECONDS; second > 0; second--) {
      setLeft(second);
      await pause(1000);
      found.readings.push(status.value);
    }
    setLeft(0);
    download(fileName("help.json"), JSON.stringify(found, null, 1));
    setDone(true);
  };
  return (
    <section>
      <h3>{t.gather}</h3>
      <p>{t.gatherText}</p>
      <button type="button" disabled={task.busy} onClick={() => task.run(gather)}>
        {t.gather}
      </button>
      <p role="status">
        {left > 0 && t.gathering(left)}
        {done && t.gathered}
      </p>
      {task.error !== undefined && <p class="notice bad">{explain(task.error)}</p>}
    </section>
  );
}
