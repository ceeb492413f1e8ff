/* A form or a plan, written on the phone: kept at once, sent when there is a network. */

import { useState } from "preact/hooks";
import { recordForms, type RecordForm } from "../logbook/views";
import { Choices, Field, Slab } from "../design/controls";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useAlmanac, useDesk } from "../shell/desk";
import { back } from "../shell/route";
import { dayOf } from "../words/almanac";

export function RecordScreen() {
  const { words, log, now } = useDesk();
  const { zone } = useAlmanac();
  const [form, setForm] = useState<RecordForm>("week_log");
  const [day, setDay] = useState(dayOf(now, zone));
  const [text, setText] = useDraft("text");
  const [asked, setAsked] = useState(false);
  const keep = async () => {
    if (!text.trim()) return setAsked(true);
    if (await log({ act: "record", form, day, text: text.trim() }, words.record.forms[form])) back("me");
  };
  return (
    <Screen title={words.record.title} from="me" closes wide dock={<Slab icon="forms" title={words.record.send} note={words.record.forms[form]} onTap={() => void keep()} />}>
      <Choices legend={words.record.which} value={form} onValue={setForm} options={recordForms.map((value) => ({ value, word: words.record.forms[value] }))} />
      <Field label={words.record.day} type="date" value={day} onValue={setDay} />
      <Field label={words.record.text} value={text} onValue={setText} lines asks={asked && !text.trim() ? words.record.needText : null} />
    </Screen>
  );
}
