// Who answers on the line: looked for with its progress, and chosen by a click.

import { signal } from "@preact/signals";
import { asScanned, type Found } from "../link/answers";
import { families } from "../meter_data";
import { explain, useTask } from "../parts/task";
import { job, meter } from "../session/session";
import { chargerNumbers, edit, read, wanted } from "../session/settings";
import { plain, texts } from "../texts";

const found = signal<Found[] | undefined>(undefined);
const percent = signal(0);

export function Scan() {
  const t = texts.value.install;
  const task = useTask();
  const scan = (which: string) =>
    task.run(async () => {
      found.value = [];
      percent.value = 0;
      job.value = "scan";
      try {
        await meter().job(`json scan${which}`, (answer) => {
          const event = asScanned(answer);
          if ("percent" in event) percent.value = event.percent;
          else found.value = [...(found.value ?? []), event];
        });
      } finally {
        job.value = "";
      }
    });
  const busy = task.busy || job.value !== ""; // it goes on while another view is open
  const over = found.value !== undefined && !busy;
  return (
    <div>
      <button type="button" class="main" disabled={busy} onClick={() => scan("")}>
        {t.scan}
      </button>{" "}
      <button type="button" disabled={busy} onClick={() => scan(" all")}>
        {t.scanAll}
      </button>{" "}
      {job.value === "scan" && (
        <>
          <progress max="100" value={percent.value} aria-label={t.scanning(percent.value)} />{" "}
          {t.scanning(percent.value)}{" "}
          <button type="button" onClick={() => void meter().endJob()}>
            {t.stop}
          </button>
        </>
      )}
      {task.error !== undefined && <p class="notice bad">{explain(task.error)}</p>}
      {over && found.value?.length === 0 && <p role="status">{t.foundNone}</p>}
      <ul class="found">
        {found.value?.map((device) => (
          <li key={`${device.address} ${device.baud}`}>
            <Device device={device} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Device({ device }: { device: Found }) {
  const t = texts.value.install;
  const task = useTask();
  const line = `${device.baud} 8${device.parity}${device.stop}`;
  const used = chargerNumbers.value.some(
    (n) => wanted(`charger${n}.address`) === String(device.address),
  );
  const fitting = device.families ?? [];
  return (
    <>
      {t.foundAt(device.address, line)}
      {device.families === null && `: ${t.garbled}`}
      {device.families?.length === 0 && `: ${t.unknownDevice}`}
      {fitting.map((name) => (
        <span key={name}>
          {" "}
          <button
            type="button"
            disabled={task.busy || used || job.value !== ""}
            onClick={() => task.run(() => use(device, name))}
          >
            {t.use}: {plain(families[name]?.title ?? name)}
          </button>
        </span>
      ))}
      {used && ` (${t.inUse})`}
    </>
  );
}

async function use(device: Found, name: string): Promise<void> {
  const family = families[name];
  const charger = await addCharger(name);
  edit(`${charger}.address`, String(device.address));
  if (!family) return;
  if (family.baud !== device.baud) edit(`${charger}.baud`, String(device.baud));
  if (family.parity !== device.parity) edit(`${charger}.parity`, device.parity);
}

/** The next free one, with this family; its name. */
export async function addCharger(profile: string): Promise<string> {
  let n = 1;
  while (wanted(`charger${n}.profile`)) n++;
  const charger = `charger${n}`;
  await read([charger]);
  edit(`${charger}.profile`, profile);
  return charger;
}
