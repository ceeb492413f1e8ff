/* Adding a part: by name, number or scan from the catalogue; what isn't there is typed. */

import { useEffect, useState } from "preact/hooks";
import type { CataloguePart } from "../logbook/views";
import { Button, Field, Slab } from "../design/controls";
import { Icon } from "../design/icon";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useDesk, useView } from "../shell/desk";
import { back } from "../shell/route";
import { yuan } from "../words/money";
import { ScanButton } from "./scan";

export function PartsScreen({ page }: { page: string }) {
  const { words, log, logbook } = useDesk();
  const visit = useView(`visit ${page}`, (logbook) => logbook.visit(page));
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<CataloguePart[] | null>(null);
  const [typing, setTyping] = useState(false);
  useEffect(() => {
    let current = true;
    void logbook.parts(query.trim()).then((parts) => current && setFound(parts));
    return () => {
      current = false;
    };
  }, [query]);
  if (!visit) return null;
  const add = async (part: CataloguePart) => {
    const line = { ...part, qty: 1, billable: visit.billing.billable, old_serial: "", new_serial: "" };
    if (await log({ act: "use_part", visit: page, part: line, replaces: null }, part.name)) back("today");
  };
  return (
    <Screen title={words.parts.title} note={words.parts.hint} from="today" closes>
      <div class="inset before">
        <Icon name="search" size="small" />
        <input class="input" type="search" aria-label={words.parts.search} placeholder={words.parts.search} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
        <ScanButton onFound={setQuery} />
      </div>
      {found && found.length === 0 && <p class="card second">{words.parts.none(query.trim())}</p>}
      {found && found.length > 0 && (
        <ul class="card flush list">
          {found.map((part) => (
            <li key={part.part_no}>
              <button type="button" class="lead" onClick={() => void add(part)}>
                <span class="grow">
                  <span class="strong block">{part.name}</span>
                  <span class="second block">
                    {part.part_no} · {words.visit.each(yuan(part.unit_price))}
                  </span>
                </span>
                <Icon name="plus" size="small" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {typing ? (
        <TypedPart initial={query.trim()} onAdd={(part) => void add(part)} />
      ) : (
        <Button icon="keyboard" look="full" onTap={() => setTyping(true)}>
          {words.parts.typed}
        </Button>
      )}
    </Screen>
  );
}

function TypedPart({ initial, onAdd }: { initial: string; onAdd: (part: CataloguePart) => void }) {
  const { words } = useDesk();
  const [name, setName] = useDraft("name", initial);
  const [number, setNumber] = useDraft("number");
  const [asked, setAsked] = useState(false);
  return (
    <section class="card stack">
      <Field label={words.parts.typedName} value={name} onValue={setName} asks={asked && !name.trim() ? words.required : null} />
      <Field label={words.parts.typedNo} hint={words.parts.typedNoHint} value={number} onValue={setNumber} asks={asked && !number.trim() ? words.required : null} />
      <Slab
        icon="plus"
        title={words.parts.add}
        onTap={() => (name.trim() && number.trim() ? onAdd({ name: name.trim(), part_no: number.trim(), unit_price: 0 }) : setAsked(true))}
      />
    </section>
  );
}
