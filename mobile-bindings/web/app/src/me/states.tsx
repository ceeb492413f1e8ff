/* What the marks mean: word, icon, edge and colour, with one line each. */

import { Chip, type Mark } from "../design/chip";
import { Screen } from "../shell/frame";
import { useDesk } from "../shell/desk";

const marks: Mark[] = ["kept", "sending", "admitted", "deferred", "refused", "pending", "conflict", "suspect", "amended", "overdue", "closed"];

export function StatesScreen() {
  const { words } = useDesk();
  return (
    <Screen title={words.me.states} from="me">
      <dl class="card flush list">
        {marks.map((mark) => (
          <div class="meaning" key={mark}>
            <dt>
              <Chip mark={mark} />
            </dt>
            <dd class="second">{words.stateMeans[mark]}</dd>
          </div>
        ))}
      </dl>
    </Screen>
  );
}
