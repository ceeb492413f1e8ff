/* Out longer than was said: the phone says so once, aloud if it may, and the bar stays until one is back. */

import { useEffect } from "preact/hooks";
import { Icon } from "../design/icon";
import { clock } from "../words/almanac";
import { useAlmanac, useDesk, useView } from "./desk";
import { to } from "./route";

/* The outings that were spoken of already, in this run. */
const told = new Set<string>();

export function OverdueBar({ here }: { here: string }) {
  const { words, settings } = useDesk();
  const { now, zone } = useAlmanac();
  const today = useView("today", (logbook) => logbook.today());
  const out = today?.recalled ? null : today?.duty.out;
  const late = out !== null && out !== undefined && out.expected < now;
  const title = late ? words.goOut.overdue(out.destination, clock(out.expected, zone)) : "";
  useEffect(() => {
    if (!late || told.has(out.entry)) return;
    told.add(out.entry);
    if (settings.vibrate) navigator.vibrate?.([200, 120, 200, 120, 200]);
    if ("Notification" in globalThis && Notification.permission === "granted") {
      void navigator.serviceWorker?.ready.then((worker) => worker.showNotification(title, { body: words.goOut.overdueSub, tag: out.entry, icon: "./icon-192.png" }));
    }
  }, [late]);
  // Today says it itself, with the slab.
  if (!late || here === "today") return null;
  return (
    <div class="app update" role="status">
      <a class="bar amber plain" href={to("today")}>
        <Icon name="alarm" size="small" />
        <span>
          {title}
          <span class="second block">{words.goOut.overdueSub}</span>
        </span>
        <Icon name="chevron-right" size="go" />
      </a>
    </div>
  );
}
