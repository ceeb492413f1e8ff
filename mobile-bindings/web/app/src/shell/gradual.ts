/* A long list is drawn from its head: what is in view at once, the rest while nothing else is to do. */

import { useEffect, useState } from "preact/hooks";
import { placeOf } from "./route";

const first = 12;
const more = 60;

/** How many of them to draw now. All at once where one comes back to a place further down. */
export function useGradual(all: number): number {
  const [shown, show] = useState(() => (placeOf(location.hash) > 0 ? Infinity : first));
  useEffect(() => {
    if (shown >= all) return;
    const later = setTimeout(() => show(shown + more), 30);
    return () => clearTimeout(later);
  }, [shown, all]);
  return Math.min(shown, all);
}
