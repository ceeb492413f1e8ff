/* An order opened on the spot: customer, unit, what the customer says. It is the engineer's at once; headquarters
 * gives the number when there is a network. */

import { useEffect, useState } from "preact/hooks";
import type { CustomerHit, ServiceType } from "../logbook/views";
import { Asks, Choices, Field, Slab } from "../design/controls";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useDesk } from "../shell/desk";
import { swap } from "../shell/route";

const types: ServiceType[] = ["A", "B", "C"];

export function NewOrderScreen() {
  const { words, log, logbook, owner } = useDesk();
  const [query, setQuery] = useState("");
  const [hits, setHits] = useState<CustomerHit[]>([]);
  const [customer, setCustomer] = useState<CustomerHit | null>(null);
  const [unit, setUnit] = useState<string | null>(null);
  const [fault, setFault] = useDraft("fault");
  const [type, setType] = useState<ServiceType>("C");
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    let current = true;
    void logbook.customers(query).then((found) => current && setHits(found));
    return () => {
      current = false;
    };
  }, [query]);
  if (!owner?.self_open) {
    return (
      <Screen title={words.newOrder.title} from="today">
        <div class="card empty">{words.newOrder.forbidden}</div>
      </Screen>
    );
  }
  const open = async () => {
    if (!customer || !fault.trim()) return setAsked(true);
    const captured = await log({ act: "open_order", customer: customer.code, asset: unit || null, fault: fault.trim(), service_type: type }, words.story.self_opened);
    if (captured?.order) swap("order", captured.order);
  };
  return (
    <Screen
      title={words.newOrder.title}
      note={words.newOrder.sub}
      from="today"
      closes
      wide
      dock={<Slab icon="plus" title={words.newOrder.open} note={customer ? customer.name : words.newOrder.openSub} onTap={() => void open()} />}
    >
      {customer ? (
        <section class="card row">
          <span class="grow">
            <span class="name block">{customer.name}</span>
            <span class="second block">{customer.address}</span>
          </span>
          <button type="button" class="button" onClick={() => (setCustomer(null), setUnit(null))}>
            {words.newOrder.change}
          </button>
        </section>
      ) : (
        <section class="stack">
          <Field label={words.newOrder.customer} hint={words.newOrder.customerFind} value={query} onValue={setQuery} asks={asked ? words.newOrder.needCustomer : null} mode="search" />
          {hits.length > 0 ? (
            <ul class="card flush list">
              {hits.map((hit) => (
                <li key={hit.code}>
                  <button type="button" class="lead" onClick={() => setCustomer(hit)}>
                    <span class="grow">
                      <span class="strong block">{hit.name}</span>
                      <span class="second block">{hit.address}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          ) : (
            query && <Asks text={words.newOrder.unknown} />
          )}
        </section>
      )}
      {customer && (
        <Choices
          legend={words.newOrder.unit}
          layout="one"
          value={unit ?? null}
          onValue={setUnit}
          options={[...customer.units.map((each) => ({ value: each.code, word: `${each.model} ${each.unit}`, note: each.serial })), { value: "", word: words.newOrder.unitNone }]}
        />
      )}
      <Field label={words.newOrder.fault} hint={words.newOrder.faultHint} lines value={fault} onValue={setFault} asks={asked && !fault.trim() ? words.newOrder.needFault : null} />
      <Choices legend={words.newOrder.type} layout="one" value={type} onValue={setType} options={types.map((value) => ({ value, word: words.order.service[value] }))} />
    </Screen>
  );
}
