/* Work that can't be sent leaves the phone in a file that headquarters alone can open. */

import { Button } from "../design/controls";
import { useDesk } from "./desk";
import { save } from "./file";

export function RescueButton() {
  const { words, logbook, say, explain } = useDesk();
  const hand = async () => {
    try {
      save(await logbook.rescue(), `outpost-rescue-${new Date().toISOString().slice(0, 10)}.bin`);
    } catch (trouble) {
      say(await explain(trouble));
    }
  };
  return (
    <div class="stack tight">
      <Button look="full" icon="lock" onTap={() => void hand()}>
        {words.sync.rescue}
      </Button>
      <p class="caption">{words.sync.rescueSub}</p>
    </div>
  );
}
