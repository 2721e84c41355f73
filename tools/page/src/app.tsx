// The page: its head, what must be known now, and one of four views.

import { signal } from "@preact/signals";
import { Change } from "./change/change";
import { Head } from "./head";
import { Install } from "./install/install";
import { Look } from "./look/look";
import { Notices } from "./notices";
import { Safe } from "./parts/safe";
import { status } from "./session/session";
import { texts } from "./texts";
import { Watch } from "./watch/watch";
import { Welcome } from "./welcome";

const VIEWS = ["watch", "change", "look", "install"] as const;
type View = (typeof VIEWS)[number];

const view = signal<View>(fromHash());

function fromHash(): View {
  return VIEWS.find((name) => name === location.hash.slice(1)) ?? "watch";
}

window.addEventListener("hashchange", () => {
  view.value = fromHash();
  toContent();
});

export function App() {
  const t = texts.value.frame;
  return (
    <>
      <button type="button" class="skip" onClick={toContent}>
        {t.skip}
      </button>
      <Head />
      <nav aria-label="Headroom">
        {VIEWS.map((name) => (
          <a key={name} href={`#${name}`} aria-current={view.value === name ? "page" : undefined}>
            {t.views[name]}
          </a>
        ))}
      </nav>
      <main id="content" tabIndex={-1}>
        <Notices />
        {status.value ? (
          <Safe key={view.value}>
            <Chosen />
          </Safe>
        ) : (
          <Welcome />
        )}
      </main>
    </>
  );
}

function Chosen() {
  if (view.value === "change") return <Change />;
  if (view.value === "look") return <Look />;
  return view.value === "install" ? <Install /> : <Watch />;
}

function toContent() {
  document.getElementById("content")?.focus();
}
