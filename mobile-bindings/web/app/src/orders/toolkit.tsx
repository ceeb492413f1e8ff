/* The toolkit against the standard list: tap what is missing. Missing never blocks; it is noted. */

import { useEffect, useState } from "preact/hooks";
import { Slab } from "../design/controls";
import { Icon } from "../design/icon";
import { Screen } from "../shell/frame";
import { useDesk, useView } from "../shell/desk";
import { back } from "../shell/route";

export function ToolkitScreen({ page }: { page: string }) {
  const { words, log } = useDesk();
  const order = useView(`order ${page}`, (logbook) => logbook.order(page));
  const [missing, setMissing] = useState<Set<string>>(new Set());
  useEffect(() => {
    if (order) setMissing(new Set(order.toolkit.items.filter((item) => item.missing).map((item) => item.name)));
  }, [order === undefined]);
  if (!order) return null;
  const flip = (name: string) => {
    const changed = new Set(missing);
    if (!changed.delete(name)) changed.add(name);
    setMissing(changed);
  };
  const keep = async () => {
    if (await log({ act: "toolkit", order: page, missing: [...missing] }, words.story.toolkit(missing.size))) back("orders");
  };
  return (
    <Screen
      title={words.toolkit.title}
      note={words.toolkit.sub}
      from="orders"
      dock={<Slab icon="checklist" title={words.toolkit.keep} note={missing.size ? words.toolkit.missing(missing.size) : words.toolkit.complete} onTap={() => void keep()} />}
    >
      <ul class="card flush list">
        {order.toolkit.items.map((item) => {
          const gone = missing.has(item.name);
          return (
            <li key={item.name}>
              <button type="button" class="lead" aria-pressed={gone} onClick={() => flip(item.name)}>
                <Icon name={gone ? "x" : "check"} />
                <span class={gone ? "grow strong" : "grow"}>{item.name}</span>
                <span class={gone ? "chip amber outlined" : "caption"}>{gone ? words.toolkit.absent : words.toolkit.present}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </Screen>
  );
}
