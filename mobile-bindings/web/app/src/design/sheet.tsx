/* A sheet from below: one question, its answers, and the way out. A dialog of the browser's, so that focus stays in
 * it and Escape closes it. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useWords } from "../shell/desk";
import { IconButton } from "./controls";

export function Sheet({ title, note, onClose, children }: { title: string; note?: string | undefined; onClose: () => void; children: ComponentChildren }) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const node = dialog.current;
    if (node && !node.open) node.showModal();
    return () => node?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet-veil"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="sheet">
        <div class="sheet-head">
          <div class="titles">
            <h2 id={id}>{title}</h2>
            {note && <p>{note}</p>}
          </div>
          <IconButton icon="x" label={words.close} onTap={onClose} />
        </div>
        {children}
      </div>
    </dialog>
  );
}
