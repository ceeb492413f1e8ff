/* A new version waits quietly; it is never put in during a visit, and never without a tap. */

import { useEffect, useState } from "preact/hooks";
import { useWords } from "./desk";

export const updateReady = "outpost-update-ready";

export function UpdateBar({ calm }: { calm: boolean }) {
  const words = useWords();
  const [change, setChange] = useState<(() => void) | null>(null);
  useEffect(() => {
    const ready = (event: Event) => setChange(() => (event as CustomEvent<() => void>).detail);
    addEventListener(updateReady, ready);
    return () => removeEventListener(updateReady, ready);
  }, []);
  if (!change || !calm) return null;
  return (
    <div class="app update">
      <div class="bar blue" role="status">
        <span>{words.update.ready}</span>
        <button type="button" class="button" onClick={change}>
          {words.update.now}
        </button>
      </div>
    </div>
  );
}
