/* The customer's goods leave with the engineer (003, 004): what, its serial, the receipt's number. */

import { useState } from "preact/hooks";
import { Field, Slab } from "../design/controls";
import { Icon } from "../design/icon";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useDesk, useView } from "../shell/desk";
import { back } from "../shell/route";
import { Serial } from "./serial";

export function TakeBackScreen({ page }: { page: string }) {
  const { words, log } = useDesk();
  const visit = useView(`visit ${page}`, (logbook) => logbook.visit(page));
  const [item, setItem] = useDraft("item");
  const [serial, setSerial] = useDraft("serial");
  const [asked, setAsked] = useState(false);
  if (!visit) return null;
  const number = visit.billing.take_back_no;
  const keep = async () => {
    if (!item.trim()) return setAsked(true);
    if (await log({ act: "take_back", visit: page, item: item.trim(), serial }, words.act["take_back"])) back("today");
  };
  return (
    <Screen title={words.takeBack.title} note={`${visit.customer} · ${visit.model}`} from="today" closes wide dock={<Slab icon="package" title={words.takeBack.keep} note={number ? words.takeBack.number(number) : undefined} onTap={() => void keep()} />}>
      <Field label={words.takeBack.item} value={item} onValue={setItem} asks={asked && !item.trim() ? words.takeBack.needItem : null} />
      <Serial label={words.takeBack.serial} value={serial} onKeep={setSerial} />
      <div class="card row top">
        <Icon name="receipt" />
        <div class="grow">
          <p class="strong">{number ? words.takeBack.number(number) : words.charge.noNumber}</p>
          <p class="second">{words.takeBack.sub}</p>
        </div>
      </div>
    </Screen>
  );
}
