/* Another time with the customer, or another engineer: both need a reason, both are logged at once. */

import { useState } from "preact/hooks";
import type { Order } from "../logbook/views";
import { Choices, Field, Slab } from "../design/controls";
import { Sheet } from "../design/sheet";
import { useAlmanac, useDesk } from "../shell/desk";
import { fromLocalInput, localInput } from "../words/almanac";

const hour = 3_600_000;

export function Rebook({ order, onClose }: { order: Order; onClose: () => void }) {
  const { words, log, now } = useDesk();
  const { zone } = useAlmanac();
  const [when, setWhen] = useState(() => localInput((order.line.appointment ?? Math.ceil(now / hour) * hour) + 2 * hour, zone));
  const [reason, setReason] = useState<string>(words.rebook.reasons[0] ?? "");
  const keep = async () => {
    const appointment = fromLocalInput(when, zone);
    if (appointment === null) return;
    if (await log({ act: "rebook", order: order.line.page, appointment, reason }, words.act["rebook"])) onClose();
  };
  return (
    <Sheet title={words.rebook.title} onClose={onClose}>
      <Field label={words.rebook.when} type="datetime-local" value={when} onValue={setWhen} />
      <Choices legend={words.rebook.reason} options={words.rebook.reasons.map((word) => ({ value: word, word }))} value={reason} onValue={setReason} />
      <Slab icon="calendar" title={words.rebook.keep} onTap={() => void keep()} />
    </Sheet>
  );
}

export function HandBack({ order, onClose }: { order: Order; onClose: () => void }) {
  const { words, log } = useDesk();
  const [reason, setReason] = useState<string>(words.handBack.reasons[0] ?? "");
  const ask = async () => {
    if (await log({ act: "hand_back", order: order.line.page, reason }, words.act["hand_back"])) onClose();
  };
  return (
    <Sheet title={words.handBack.title} note={words.handBack.sub} onClose={onClose}>
      <Choices legend={words.handBack.reason} layout="one" options={words.handBack.reasons.map((word) => ({ value: word, word }))} value={reason} onValue={setReason} />
      <Slab icon="switch-horizontal" title={words.handBack.ask} onTap={() => void ask()} />
    </Sheet>
  );
}
