/* All orders that this phone holds: mine, handed over, closed; found by any word on their card. */

import { useState } from "preact/hooks";
import type { OrderLine } from "../logbook/views";
import { Choices } from "../design/controls";
import { Icon } from "../design/icon";
import { Network, Screen } from "../shell/frame";
import { useGradual } from "../shell/gradual";
import { useDesk, useView } from "../shell/desk";
import { to } from "../shell/route";
import { OrderCard } from "../today/today";
import { ScanButton } from "../visit/scan";

type Shelf = "mine" | "handed" | "closed";

const shelfOf = (order: OrderLine): Shelf =>
  order.state === "closed" || order.state === "cancelled" ? "closed" : order.taken_by ? "handed" : "mine";

export function OrdersScreen() {
  const { words, owner } = useDesk();
  const orders = useView("orders", (logbook) => logbook.orders());
  const [shelf, setShelf] = useState<Shelf>("mine");
  const [query, setQuery] = useState("");
  const q = query.trim().toLowerCase();
  const fits = (order: OrderLine) =>
    [order.number, order.customer, order.model, order.unit, order.fault].some((text) => text.toLowerCase().includes(q));
  const shown = orders?.filter((order) => (q ? fits(order) : shelfOf(order) === shelf)) ?? [];
  const drawn = useGradual(shown.length);
  const count = (of: Shelf) => orders?.filter((order) => shelfOf(order) === of).length ?? 0;
  const none = { mine: words.orders.noneMine, handed: words.orders.noneHanded, closed: words.orders.noneClosed }[shelf];
  return (
    <Screen tab="orders" title={words.orders.title} note={owner?.station ?? ""} aside={<Network />}>
      <div class="inset before">
        <Icon name="search" size="small" />
        <input
          class="input"
          type="search"
          inputMode="search"
          aria-label={words.orders.search}
          placeholder={words.orders.search}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <ScanButton onFound={setQuery} />
      </div>
      {!q && (
        <Choices
          quiet
          legend={words.orders.title}
          layout="tight"
          value={shelf}
          onValue={setShelf}
          options={(["mine", "handed", "closed"] as const).map((value) => ({ value, word: `${words.orders[value]} ${count(value)}` }))}
        />
      )}
      {orders && shown.length === 0 && (
        <div class="card empty">
          <Icon name="clipboard-list" size="large" />
          <p>{q ? words.orders.notFound(query.trim()) : none}</p>
        </div>
      )}
      <ul class="stack">
        {shown.slice(0, drawn).map((order) => (
          <li key={order.page}>
            <OrderCard order={order} />
          </li>
        ))}
      </ul>
      {owner?.self_open && (
        <a class="button full" href={to("new-order")}>
          <Icon name="plus" />
          {words.today.newOnSite}
        </a>
      )}
    </Screen>
  );
}
