/* Going out: where to, back when. Past that time the phone reminds, and the lead sees it. */

import { useState } from "preact/hooks";
import { Button, Field, Slab } from "../design/controls";
import { Icon } from "../design/icon";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useAlmanac, useDesk, useView } from "../shell/desk";
import { back } from "../shell/route";
import { clock, fromLocalInput, localInput } from "../words/almanac";

const hour = 3_600_000;

export function GoOutScreen() {
  const { words, log, now } = useDesk();
  const { zone } = useAlmanac();
  const today = useView("today", (logbook) => logbook.today());
  const [where, setWhere] = useDraft("where");
  const [when, setWhen] = useState(() => localInput(Math.ceil((now + 2 * hour) / (hour / 2)) * (hour / 2), zone));
  const [asked, setAsked] = useState(false);
  const expected = fromLocalInput(when, zone);
  const early = expected === null || expected <= now;
  const leave = async () => {
    if (!where.trim() || early) return setAsked(true);
    // Asked at this very tap, so that whoever is late hears of it.
    if ("Notification" in globalThis && Notification.permission === "default") void Notification.requestPermission();
    if (await log({ act: "go_out", destination: where.trim(), expected_return: expected }, words.goOut.go)) back("attendance");
  };
  const customers = [...new Set(today?.orders.map((order) => order.customer) ?? [])];
  return (
    <Screen title={words.goOut.title} note={words.goOut.sub} from="attendance" closes wide dock={<Slab icon="walk" title={words.goOut.go} note={where && !early ? words.duty.outUntil(where, clock(expected, zone)) : undefined} onTap={() => void leave()} />}>
      <div class="stack">
        <Field label={words.goOut.where} hint={words.goOut.whereHint} value={where} onValue={setWhere} asks={asked && !where.trim() ? words.goOut.needWhere : null} />
        <div class="quick">
          {customers.map((customer) => (
            <Button key={customer} pressed={customer === where} onTap={() => setWhere(customer)}>
              {customer}
            </Button>
          ))}
        </div>
      </div>
      <Field label={words.goOut.back} type="datetime-local" value={when} onValue={setWhen} asks={asked && early ? words.goOut.later : null} />
      <p class="row second">
        <Icon name="info-circle" size="small" />
        <span class="grow">{words.goOut.night}</span>
      </p>
    </Screen>
  );
}
