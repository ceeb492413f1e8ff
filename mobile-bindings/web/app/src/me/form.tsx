/* One form: its questions as the company asks them. Each answer is kept when one leaves it; sending pins what stands. */

import { useEffect, useState } from "preact/hooks";
import type { Answer, FieldAsked, FieldFilled, FilledForm, FormKey, RowFilled } from "../logbook/views";
import { Asks, Button, Choices, Field, Slab } from "../design/controls";
import { Chip } from "../design/chip";
import { Icon } from "../design/icon";
import { Sheet } from "../design/sheet";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useAlmanac, useDesk, useView } from "../shell/desk";
import { longDay, moment } from "../words/almanac";
import { parseYuan, yuan } from "../words/money";
import { periodOf } from "./period";

export function FormScreen({ formKey }: { formKey: FormKey }) {
  const { words, log, lang } = useDesk();
  const form = useView(`form ${formKey.form} ${formKey.page}`, (logbook) => logbook.form(formKey));
  const [asked, setAsked] = useState(false);
  if (!form) return null;
  const send = () => {
    setAsked(true);
    if (form.missing.length === 0) return void log({ act: "send_form", key: formKey }, form.title[lang]);
    // Beside the first that lacks something.
    requestAnimationFrame(() => {
      const spot = document.querySelector<HTMLElement>(".asks");
      spot?.scrollIntoView({ block: "center" });
      spot?.parentElement?.querySelector<HTMLElement>("input, textarea, button")?.focus({ preventScroll: true });
    });
  };
  const lacks = asked ? form.missing : [];
  return (
    <Screen
      title={form.title[lang]}
      note={[form.number, periodOf(formKey.period, form.until, words)].filter(Boolean).join(" · ")}
      from="me"
      closes
      wide
      dock={
        form.sent && !form.changed ? undefined : (
          <Slab
            icon="forms"
            title={form.sent ? words.form.sendAgain : words.form.send}
            note={asked && form.missing.length > 0 ? words.form.missing(form.missing.length) : form.approved ? words.form.approvedSub : words.form.sendSub}
            onTap={send}
          />
        )
      }
    >
      <Standing form={form} />
      {form.fields.map((field) =>
        field.asks.is === "table" ? (
          <Table key={field.asks.name} formKey={formKey} field={field} lacks={lacks} />
        ) : (
          <Question key={field.asks.name} field={field} lacks={lacks.includes(field.asks.name)} onKeep={(text) => void log({ act: "answer", key: formKey, answer: { field: field.asks.name, text } })} />
        ),
      )}
    </Screen>
  );
}

function Standing({ form }: { form: FilledForm }) {
  const { words } = useDesk();
  const almanac = useAlmanac();
  if (!form.sent) return null;
  const at = moment(form.sent.at, almanac);
  const there = form.sent.state === "admitted" || form.sent.state === "already_so";
  return (
    <div class={form.state === "returned" ? "bar amber" : "bar"}>
      <span>
        {form.state === "returned" && form.reason ? words.form.returned(form.reason) : there ? words.form.sent(at, form.sent.revision) : words.form.ready(at)}
        {form.changed && <span class="second block">{words.form.changed}</span>}
      </span>
      {there ? <FormMark state={form.state} /> : <Chip mark={form.sent.state} />}
    </div>
  );
}

export function FormMark({ state }: { state: FilledForm["state"] }) {
  const { words } = useDesk();
  const word = words.form.state[state];
  if (state === "draft") return <span class="chip slate outlined">{word}</span>;
  return <Chip mark={state === "pending" ? "pending" : state === "returned" ? "refused" : "admitted"} word={word} />;
}

interface QuestionProps {
  field: { asks: FieldAsked; text: string };
  lacks: boolean;
  onKeep: (text: string) => void;
  /** Within a sheet, what is chosen or typed is kept with its line. */
  at?: "once";
}

function Question({ field: { asks, text }, lacks, onKeep, at }: QuestionProps) {
  const { words, lang } = useDesk();
  const label = asks.needed ? asks.title[lang] : `${asks.title[lang]} · ${words.optional}`;
  const shown = asks.is === "money" && text ? (Number(text) / 100).toFixed(2) : text;
  const [draft, setDraft] = useDraft(asks.name, shown);
  useEffect(() => {
    if (shown) setDraft(shown);
  }, [shown]);
  const need = lacks ? words.form.needed : null;
  const read = (typed: string): string | null => {
    if (asks.is !== "money" || !typed.trim()) return typed.trim();
    const amount = parseYuan(typed);
    return amount === null ? null : String(amount);
  };
  if (asks.is === "yes_no" || asks.is === "choice") {
    const options =
      asks.is === "choice"
        ? asks.options.map((option) => ({ value: option.code, word: option.title[lang] }))
        : [
            { value: "true", word: words.form.yes },
            { value: "false", word: words.form.no },
          ];
    return <Choices legend={label} options={options} value={(at ? draft : text) || null} onValue={(value) => (setDraft(value), onKeep(value))} asks={need} />;
  }
  const keep = () => {
    const value = read(draft);
    if (value !== null && value !== text) onKeep(value);
  };
  const wrong = asks.is === "money" && draft.trim() !== "" && read(draft) === null ? words.charge.needAmount : null;
  return (
    <div onFocusOut={at ? undefined : keep}>
      <Field
        label={asks.is === "money" ? `${label} (${words.form.yuan})` : label}
        value={draft}
        onValue={(typed) => {
          setDraft(typed);
          const value = read(typed);
          if (at && value !== null) onKeep(value);
        }}
        type={asks.is === "date" ? "date" : "text"}
        {...(asks.is === "money" ? { mode: "decimal" as const } : asks.is === "number" ? { mode: "numeric" as const } : {})}
        lines={asks.is === "text" && !at}
        asks={wrong ?? need}
      />
    </div>
  );
}

/** A table on a phone: one card a line; a tap opens it. */
function Table({ formKey, field, lacks }: { formKey: FormKey; field: FieldFilled; lacks: string[] }) {
  const { words, lang } = useDesk();
  const [open, setOpen] = useState<RowFilled | "new" | null>(null);
  const { asks, columns, rows } = field;
  const say = (row: RowFilled) =>
    columns
      .map(({ is, options }, n) => {
        const text = row.cells[n] ?? "";
        if (!text) return "";
        if (is === "date") return longDay(text, words);
        if (is === "money") return yuan(Number(text));
        if (is === "choice") return options.find((option) => option.code === text)?.title[lang] ?? text;
        return is === "yes_no" ? (text === "true" ? (columns[n]?.title[lang] ?? "") : "") : text;
      })
      .filter(Boolean);
  const short = lacks.some((name) => name === asks.name || name.startsWith(`${asks.name}.`));
  return (
    <section class="card">
      <h2>{asks.needed ? asks.title[lang] : `${asks.title[lang]} · ${words.optional}`}</h2>
      {rows.length === 0 && <p class="second">{words.form.none}</p>}
      <ul class="list">
        {rows.map((row) => {
          const [first = "", ...rest] = say(row);
          return (
            <li key={row.entry}>
              <button type="button" class="lead flat" onClick={() => setOpen(row)}>
                <span class="grow">
                  <span class="strong block">{first}</span>
                  {rest.length > 0 && <span class="second block">{rest.join(" · ")}</span>}
                </span>
                <Icon name="pencil" size="small" />
              </button>
            </li>
          );
        })}
      </ul>
      <Asks text={short ? words.form.needed : null} />
      <Button icon="plus" look="full spaced" onTap={() => setOpen("new")}>
        {words.form.add}
      </Button>
      {open && <Line key={open === "new" ? "new" : open.entry} formKey={formKey} field={field} row={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Line({ formKey, field, row, onClose }: { formKey: FormKey; field: FieldFilled; row: RowFilled | null; onClose: () => void }) {
  const { words, log, lang } = useDesk();
  const { columns, asks } = field;
  const [cells, setCells] = useState<string[]>(() => columns.map((_, n) => row?.cells[n] ?? ""));
  const [asked, setAsked] = useState(false);
  const lacking = columns.filter((column, n) => column.needed && !cells[n]);
  const keep = async () => {
    if (lacking.length > 0) return setAsked(true);
    const answers: Answer[] = columns.map((column, n) => ({ field: column.name, text: cells[n] ?? "" }));
    if (await log({ act: "add_row", key: formKey, table: asks.name, cells: answers, replaces: row?.entry ?? null }, asks.title[lang])) onClose();
  };
  const remove = async () => {
    if (row && (await log({ act: "void", page: formKey.page, target: row.entry, reason: words.form.remove }, words.form.removed))) onClose();
  };
  return (
    <Sheet title={asks.title[lang]} onClose={onClose}>
      {columns.map((column, n) => (
        <Question
          key={column.name}
          at="once"
          field={{ asks: { ...column, name: `${asks.name} ${row?.entry ?? "new"} ${column.name}` }, text: row?.cells[n] ?? "" }}
          lacks={asked && lacking.includes(column)}
          onKeep={(text) => setCells((had) => had.map((cell, place) => (place === n ? text : cell)))}
        />
      ))}
      {row && (
        <Button icon="trash" look="full danger" onTap={() => void remove()}>
          {words.form.remove}
        </Button>
      )}
      <Slab icon="check" title={words.form.keep} onTap={() => void keep()} />
    </Sheet>
  );
}
