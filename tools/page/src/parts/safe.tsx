// A view that cannot be shown says so: without this its last figures would stand there as if live.

import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { plain, texts } from "../texts";

export function Safe({ children }: { children: ComponentChildren }) {
  const [error, again] = useErrorBoundary();
  const t = texts.value.frame;
  if (error === undefined) return <>{children}</>;
  return (
    <p role="alert" class="notice bad">
      {t.broken} {plain(String(error))}{" "}
      <button type="button" onClick={again}>
        {t.tryAgain}
      </button>
    </p>
  );
}
