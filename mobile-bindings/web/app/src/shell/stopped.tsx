/* When the logbook can't be written here: another page has it, headquarters revoked it, the store doesn't open.
 * Each says what happened and the ways on. */

import type { Standing } from "../logbook/views";
import { Button } from "../design/controls";
import { Icon } from "../design/icon";
import type { IconName } from "../icons";
import { save } from "./file";
import { useDesk } from "./desk";

export function Stopped({ standing }: { standing: Exclude<Standing, { is: "ready" | "unenrolled" | "storage_refused" }> }) {
  const { words, logbook } = useDesk();
  const [icon, title, note]: [IconName, string, string] =
    standing.is === "elsewhere"
      ? ["switch-horizontal", words.elsewhere.title, words.elsewhere.sub]
      : standing.is === "revoked"
        ? ["lock", words.revoked.title, standing.handed_in ? words.revoked.handedIn : words.revoked.sub]
        : ["alert-triangle", words.broken.title, words.broken.sub];
  return (
    <div class="app">
      <main class="screen alone">
        <Icon name={icon} size="large" />
        <h1>{title}</h1>
        <p>{note}</p>
        {standing.is === "damaged" && <p class="caption faint">{standing.detail}</p>}
        <div class="stack">
          {standing.is === "elsewhere" ? (
            <>
              <Button look="full" icon="switch-horizontal" onTap={() => void logbook.takeOver()}>
                {words.elsewhere.take}
              </Button>
              <p class="caption">{words.elsewhere.takeSub}</p>
            </>
          ) : (
            <Button look="full" icon="download" onTap={() => void logbook.exportAll().then((file) => save(file, "outpost-export.json"))}>
              {words.sync.exportAll}
            </Button>
          )}
        </div>
      </main>
    </div>
  );
}
