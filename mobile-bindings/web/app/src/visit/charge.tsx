/* A charge: only what policy allows, with the leased receipt number before saving. No number left is no obstacle. */

import { useState } from "preact/hooks";
import type { PayMethod } from "../logbook/views";
import { Button, Choices, Field, Slab } from "../design/controls";
import { Icon } from "../design/icon";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useDesk, useView } from "../shell/desk";
import { back } from "../shell/route";
import { parseYuan, yuan } from "../words/money";

export function ChargeScreen({ page }: { page: string }) {
  const { words, log } = useDesk();
  const visit = useView(`visit ${page}`, (logbook) => logbook.visit(page));
  const [item, setItem] = useDraft("item");
  const [text, setText] = useDraft("amount");
  const [chosen, setMethod] = useState<PayMethod | null>(null);
  const [asked, setAsked] = useState(false);
  if (!visit) return null;
  const { billing } = visit;
  const forbidden = billing.cash === "forbidden";
  const method: PayMethod = forbidden ? "invoice" : (chosen ?? "cash");
  const amount = parseYuan(text);
  const keep = async () => {
    if (!item.trim() || amount === null) return setAsked(true);
    if (await log({ act: "charge", visit: page, item: item.trim(), amount, method }, words.act["charge"])) back("today");
  };
  return (
    <Screen title={words.charge.title} note={`${visit.customer} · ${words.order.service[visit.service_type]}`} from="today" closes wide dock={<Slab icon="cash" title={words.charge.keep} note={amount === null ? undefined : yuan(amount)} onTap={() => void keep()} />}>
      {forbidden && (
        <div class="card stack">
          <p class="strong row">
            <Icon name="ban" />
            <span class="grow">{words.charge.forbidden}</span>
          </p>
          <p class="second">{words.charge.forbiddenSub}</p>
        </div>
      )}
      <div class="stack">
        <Field label={words.charge.item} value={item} onValue={setItem} asks={asked && !item.trim() ? words.charge.needItem : null} />
        <div class="quick">
          {words.charge.items.map((word) => (
            <Button key={word} pressed={word === item} onTap={() => setItem(word)}>
              {word}
            </Button>
          ))}
        </div>
      </div>
      <Field label={words.charge.amount} mode="decimal" value={text} onValue={setText} hint="0.00" asks={asked && amount === null ? words.charge.needAmount : null} />
      {!forbidden && (
        <Choices legend={words.charge.method} value={method} onValue={setMethod} options={(["cash", "invoice"] as const).map((value) => ({ value, word: words.charge.methods[value] }))} />
      )}
      {method === "cash" && (
        <div class="card row top">
          <Icon name="receipt" />
          <div class="grow">
            <p class="strong">{billing.receipt_no ? words.charge.number(billing.receipt_no) : words.charge.noNumber}</p>
            <p class="second">{words.charge.sameDay}</p>
          </div>
        </div>
      )}
    </Screen>
  );
}
