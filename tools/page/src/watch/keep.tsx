// What the page has seen, as files.

import { asCsv } from "../session/history";
import { history } from "../session/session";
import { download, fileName } from "../session/settings_file";
import { texts } from "../texts";

export function Keep() {
  const t = texts.value.watch;
  return (
    <section>
      <h3>{t.export}</h3>
      <p>{t.exportText}</p>
      <button
        type="button"
        onClick={() => download(fileName("jsonl"), `${history.lines.join("\n")}\n`)}
      >
        {t.record}
      </button>{" "}
      <button type="button" onClick={() => download(fileName("csv"), asCsv(history.coarse))}>
        {t.csv}
      </button>
    </section>
  );
}
