/* A serial number: typed or scanned, kept when one leaves the field. */

import { useEffect, useState } from "preact/hooks";
import { Field, IconButton } from "../design/controls";
import { useDesk, useWords } from "../shell/desk";
import { canScan, ScanSheet } from "./scan";

export function Serial({ label, value, onKeep }: { label: string; value: string; onKeep: (value: string) => void }) {
  const words = useWords();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <div onFocusOut={() => text !== value && onKeep(text)}>
      <Field label={label} value={text} onValue={setText} hint={words.visit.scanOrType} capitals="characters" inside={<SerialScan onFound={(found) => (setText(found), onKeep(found))} />} />
    </div>
  );
}

function SerialScan({ onFound }: { onFound: (text: string) => void }) {
  const { words, say } = useDesk();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton icon="scan" label={words.orders.scan} onTap={() => (canScan ? setOpen(true) : say(words.parts.noScan))} />
      {open && <ScanSheet onClose={() => setOpen(false)} onFound={(text) => (setOpen(false), onFound(text))} />}
    </>
  );
}
