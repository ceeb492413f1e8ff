/* One icon of the sprite. Beside a word it is decoration; alone, its button carries the label. */

import type { IconName } from "../icons";

export function Icon({ name, size }: { name: IconName; size?: "small" | "large" | "go" }) {
  return (
    <svg class={size ? `icon ${size}` : "icon"} aria-hidden="true" focusable="false">
      <use href={`#i-${name}`} />
    </svg>
  );
}
