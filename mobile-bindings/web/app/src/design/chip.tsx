/* A state's mark. Word, icon, edge and colour say the same thing four times over. */

import type { FlagKind, StepState } from "../logbook/views";
import type { IconName } from "../icons";
import { useWords } from "../shell/desk";
import { Icon } from "./icon";

export type Mark =
  | StepState
  | "pending"
  | "conflict"
  | "suspect"
  | "amended"
  | "overdue"
  | "closed";

const looks: Record<Mark, { icon: IconName; look: string }> = {
  kept: { icon: "device-mobile", look: "slate dashed" },
  sending: { icon: "cloud-upload", look: "blue outlined" },
  admitted: { icon: "circle-check", look: "green bare" },
  already_so: { icon: "circle-check", look: "green bare" },
  deferred: { icon: "clock-pause", look: "amber outlined" },
  refused: { icon: "ban", look: "red solid" },
  pending: { icon: "hourglass", look: "blue outlined" },
  conflict: { icon: "arrows-split-2", look: "purple solid" },
  suspect: { icon: "clock-question", look: "amber outlined" },
  amended: { icon: "pencil-exclamation", look: "purple outlined" },
  overdue: { icon: "alarm", look: "red solid" },
  closed: { icon: "archive", look: "slate bare" },
};

export const markIcon = (mark: Mark): IconName => looks[mark].icon;

/** The word may be another, such as a count; the look stays the state's. */
export function Chip({ mark, word }: { mark: Mark; word?: string }) {
  const words = useWords();
  const { icon, look } = looks[mark];
  return (
    <span class={`chip ${look}`}>
      <Icon name={icon} />
      {word ?? words.state[mark]}
    </span>
  );
}

const flagMarks: Partial<Record<FlagKind, Mark>> = {
  amended_after_signature: "amended",
  conflict: "conflict",
  time_suspect: "suspect",
};

/** A flag without a state of its own informs in amber. */
export function FlagChip({ flag }: { flag: FlagKind }) {
  const words = useWords();
  const mark = flagMarks[flag];
  if (mark) return <Chip mark={mark} word={words.flag[flag]} />;
  return (
    <span class="chip amber outlined">
      <Icon name="flag" />
      {words.flag[flag]}
    </span>
  );
}
