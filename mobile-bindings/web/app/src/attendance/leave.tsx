/* A request for leave: what kind, which days, why. It counts once the lead approves. */

import { useState } from "preact/hooks";
import { leaveKinds, type LeaveKind } from "../logbook/views";
import { Choices, Field, Slab } from "../design/controls";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useAlmanac, useDesk } from "../shell/desk";
import { back } from "../shell/route";
import { dayOf, longDay, shift } from "../words/almanac";

export function LeaveScreen() {
  const { words, log, now } = useDesk();
  const { zone } = useAlmanac();
  const tomorrow = shift(dayOf(now, zone), 1);
  const [kind, setKind] = useState<LeaveKind>("personal");
  const [from, setFrom] = useState(tomorrow);
  const [until, setUntil] = useState(tomorrow);
  const [reason, setReason] = useDraft("reason");
  const [asked, setAsked] = useState(false);
  const backwards = until < from;
  const ask = async () => {
    if (backwards || !reason.trim()) return setAsked(true);
    if (await log({ act: "request_leave", leave: kind, from, to: until, reason: reason.trim() }, words.leave.ask)) back("attendance");
  };
  const days = from === until ? longDay(from, words) : `${longDay(from, words)} – ${longDay(until, words)}`;
  return (
    <Screen title={words.leave.title} note={words.leave.askSub} from="attendance" closes wide dock={<Slab icon="calendar" title={words.leave.ask} note={days} onTap={() => void ask()} />}>
      <Choices legend={words.leave.kind} layout="tight" value={kind} onValue={setKind} options={leaveKinds.map((value) => ({ value, word: words.leave.kinds[value] ?? value }))} />
      <div class="pair">
        <Field
          label={words.leave.from}
          type="date"
          value={from}
          onValue={(day) => {
            setFrom(day);
            if (until < day) setUntil(day);
          }}
        />
        <Field label={words.leave.to} type="date" value={until} onValue={setUntil} asks={asked && backwards ? words.leave.order : null} />
      </div>
      <Field label={words.leave.reason} value={reason} onValue={setReason} lines asks={asked && !reason.trim() ? words.leave.needReason : null} />
    </Screen>
  );
}
