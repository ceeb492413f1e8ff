/* Back from the dialler: did the call go through? Reached asks for the time; no answer offers a text message. */

import { useState } from "preact/hooks";
import type { Order } from "../logbook/views";
import { Button, Field, LinkButton, Slab } from "../design/controls";
import { Sheet } from "../design/sheet";
import { useAlmanac, useDesk } from "../shell/desk";
import { fromLocalInput, localInput, moment } from "../words/almanac";

export function CallReturn({ order, onClose, onNoAnswer }: { order: Order; onClose: () => void; onNoAnswer: () => void }) {
  const { words, log } = useDesk();
  const { zone } = useAlmanac();
  const [reached, setReached] = useState(false);
  const [when, setWhen] = useState(() => (order.line.appointment ? localInput(order.line.appointment, zone) : ""));
  const [note, setNote] = useState("");
  const page = order.line.page;
  const keep = async (appointment: number | null) => {
    if (await log({ act: "contact", order: page, outcome: "reached", note, appointment }, words.call.logged)) onClose();
  };
  if (reached) {
    return (
      <Sheet title={words.call.when} onClose={onClose}>
        <Field label={words.rebook.when} type="datetime-local" value={when} onValue={setWhen} />
        <Field label={words.call.note} hint={words.optional} value={note} onValue={setNote} />
        <Button look="full" onTap={() => void keep(null)}>
          {words.call.noAppointment}
        </Button>
        <Slab icon="check" title={words.call.keep} onTap={() => void keep(fromLocalInput(when, zone))} />
      </Sheet>
    );
  }
  return (
    <Sheet title={words.call.title} onClose={onClose}>
      <Answer title={words.call.reached} note={words.call.reachedSub} onTap={() => setReached(true)} />
      <Answer
        title={words.call.noAnswer}
        note={words.call.noAnswerSub}
        onTap={() =>
          void log({ act: "contact", order: page, outcome: "no_answer", note: "", appointment: null }, words.story.no_answer).then((kept) => kept && onNoAnswer())
        }
      />
      <Answer
        title={words.call.fixed}
        note={words.call.fixedSub}
        onTap={() =>
          void log({ act: "contact", order: page, outcome: "remote_fixed", note: "", appointment: null }, words.story.remote_fixed).then((kept) => kept && onClose())
        }
      />
      <Button look="quiet full" onTap={onClose}>
        {words.call.later}
      </Button>
    </Sheet>
  );
}

export function Answer({ title, note, onTap }: { title: string; note?: string; onTap: () => void }) {
  return (
    <button type="button" class="button full answer" onClick={onTap}>
      <span>
        {title}
        {note && <span class="second block">{note}</span>}
      </span>
    </button>
  );
}

export function NoAnswer({ order, onClose }: { order: Order; onClose: () => void }) {
  const { words, owner, lang } = useDesk();
  const almanac = useAlmanac();
  const at = order.line.appointment ? moment(order.line.appointment, almanac) : null;
  const text = words.call.smsText(owner?.name ?? "", at);
  return (
    <Sheet title={words.call.smsTitle} onClose={onClose}>
      <p class="card second" lang={lang}>
        {text}
      </p>
      <LinkButton icon="message" look="full" href={`sms:${order.phone}?body=${encodeURIComponent(text)}`} onTap={onClose}>
        {words.call.sms}
      </LinkButton>
      <p class="caption">{words.call.smsSub}</p>
    </Sheet>
  );
}
