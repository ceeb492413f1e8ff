/* When the logbook can't be written here: another page has it, headquarters revoked it, the store doesn't open.
 * Each says what happened and the ways on. */

import type { Standing } from "../logbook/views";
import { Button } from "../design/controls";
import { Icon } from "../design/icon";
import type { IconName } from "../icons";
import type { Words } from "../words/words";
import { save } from "./file";
import { useDesk } from "./desk";
import { RescueButton } from "./rescue";
import { swap } from "./route";

type Stop = Exclude<Standing, { is: "ready" | "unenrolled" | "storage_refused" }>;

export function Stopped({ standing }: { standing: Stop }) {
  const { words, logbook } = useDesk();
  const { icon, title, sub } = said(standing, words);
  return (
    <div class="app">
      <main class="screen alone">
        <Icon name={icon} size="large" />
        <h1>{title}</h1>
        <p>{sub}</p>
        {standing.is === "damaged" && <p class="caption faint">{standing.detail}</p>}
        <div class="stack">
          {standing.is === "elsewhere" && (
            <>
              <Button look="full" icon="switch-horizontal" onTap={() => void logbook.takeOver()}>
                {words.elsewhere.take}
              </Button>
              <p class="caption">{words.elsewhere.takeSub}</p>
            </>
          )}
          {standing.is === "revoked" && (
            <>
              <RescueButton />
              <Button look="full" icon="download" onTap={() => void logbook.exportAll().then((file) => save(file, "outpost-export.json"))}>
                {words.sync.exportAll}
              </Button>
            </>
          )}
          {standing.is === "damaged" && (
            <>
              <Button
                look="full"
                icon="refresh"
                onTap={() => {
                  // Not to the page on which it fell.
                  swap("today");
                  void logbook.openAgain();
                }}
              >
                {words.broken.again}
              </Button>
              <RescueButton />
            </>
          )}
        </div>
      </main>
    </div>
  );
}

function said(standing: Stop, words: Words): { icon: IconName; title: string; sub: string } {
  switch (standing.is) {
    case "elsewhere":
      return { icon: "switch-horizontal", title: words.elsewhere.title, sub: words.elsewhere.sub };
    case "revoked": {
      const { title, sub, handedIn } = words.revoked;
      return { icon: "lock", title, sub: standing.handed_in ? handedIn : sub };
    }
    case "damaged":
      return { icon: "alert-triangle", title: words.broken.title, sub: words.broken.sub };
  }
}
