// Before there is a meter: one button, and why it did not work.

import { connect, phase, served } from "./session/session";
import { texts } from "./texts";

export function Welcome() {
  const t = texts.value.frame;
  return (
    <section class="welcome">
      <h2>{t.welcome}</h2>
      {served ? (
        <p>{t.opening}</p>
      ) : (
        <>
          <p>{t.intro}</p>
          <button
            type="button"
            class="main"
            disabled={phase.value.is === "opening"}
            onClick={() => void connect()}
          >
            {t.connect}
          </button>
        </>
      )}
    </section>
  );
}
