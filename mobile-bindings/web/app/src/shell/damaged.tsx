/* Part of the page that one looks at can't be read: it says so, and Sync has the ways on. */

import { Icon } from "../design/icon";
import { useDesk, useView } from "./desk";
import { to } from "./route";

export function DamagedBar({ page }: { page: string }) {
  const { words } = useDesk();
  const damaged = useView(`damaged ${page}`, (logbook) => logbook.isDamaged(page));
  if (!damaged) return null;
  return (
    <a class="bar red plain" href={to("sync")}>
      <Icon name="alert-triangle" size="small" />
      <span>{words.sync.damagedHere}</span>
      <Icon name="chevron-right" size="go" />
    </a>
  );
}
