/* What fingers touch: buttons, the slab, choices, fields, the stepper. */

import type { ComponentChildren, TargetedEvent } from "preact";
import { useId } from "preact/hooks";
import type { IconName } from "../icons";
import { Icon } from "./icon";

interface ButtonProps {
  icon?: IconName | undefined;
  onTap: () => void;
  children: ComponentChildren;
  look?: string | undefined;
  pressed?: boolean | undefined;
  label?: string | undefined;
}

export function Button({ icon, onTap, children, look = "", pressed, label }: ButtonProps) {
  return (
    <button type="button" class={`button ${look}`} onClick={onTap} aria-pressed={pressed} aria-label={label}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function LinkButton({ icon, href, children, look = "", onTap }: { icon?: IconName; href: string; children: ComponentChildren; look?: string; onTap?: () => void }) {
  return (
    <a class={`button ${look}`} href={href} onClick={onTap}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}

/** An icon alone: only for back, close, more, search and what stands inside a field. */
export function IconButton({ icon, label, onTap }: { icon: IconName; label: string; onTap: () => void }) {
  return (
    <button type="button" class="iconic" aria-label={label} onClick={onTap}>
      <Icon name={icon} />
    </button>
  );
}

/** Yellow is the next step: at most one on a screen. The arrow says that the tap leads on; without it, that it saves. */
export function Slab({ icon, title, note, onTap, leads }: { icon: IconName; title: string; note?: string | undefined; onTap: () => void; leads?: boolean }) {
  return (
    <button type="button" class="slab" onClick={onTap}>
      <Icon name={icon} size="large" />
      <span class="grow">
        <b>{title}</b>
        {note && <span>{note}</span>}
      </span>
      {leads && <Icon name="arrow-right" size="large" />}
    </button>
  );
}

interface LeadProps {
  icon?: IconName;
  href?: string;
  onTap?: () => void;
  children: ComponentChildren;
  aside?: ComponentChildren;
  /** Inside a card that has its own padding. */
  flat?: boolean;
}

/** A row that leads somewhere. */
export function Lead({ icon, href, onTap, children, aside, flat }: LeadProps) {
  const look = flat ? "lead flat" : "lead";
  const inner = (
    <>
      {icon && <Icon name={icon} />}
      <span class="grow">{children}</span>
      {aside}
      <Icon name="chevron-right" size="go" />
    </>
  );
  return href ? (
    <a class={look} href={href}>
      {inner}
    </a>
  ) : (
    <button type="button" class={look} onClick={onTap}>
      {inner}
    </button>
  );
}

export function Asks({ text, id }: { text: string | null; id?: string | undefined }) {
  return text ? (
    <p class="asks" id={id} role="alert">
      <Icon name="alert-triangle" size="small" />
      {text}
    </p>
  ) : null;
}

interface FieldProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: string | undefined;
  asks?: string | null | undefined;
  type?: "text" | "date" | "datetime-local";
  mode?: "text" | "decimal" | "numeric" | "search";
  lines?: boolean;
  inside?: ComponentChildren;
  /** The label stands in the box, before what is typed. */
  inline?: boolean;
  capitals?: "characters";
  /** No entry: an enrolment code. */
  long?: boolean;
}

/* What is typed stays within what one entry holds: 2,000 bytes, 600 characters of Chinese. */
export function Field({ label, value, onValue, hint, asks, type = "text", mode, lines, inside, inline, capitals, long }: FieldProps) {
  const id = useId();
  const shared = {
    id,
    class: asks ? "input asked" : "input",
    value,
    placeholder: hint ?? "",
    "aria-invalid": asks ? true : undefined,
    "aria-describedby": asks ? `${id}-asks` : undefined,
    onInput: (event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement>) => onValue(event.currentTarget.value),
  } as const;
  return (
    <div class={inline ? "field inline" : "field"}>
      <label for={id}>{label}</label>
      <div class={inside ? "inset" : undefined}>
        {lines ? (
          <textarea {...shared} rows={3} maxLength={long ? 4_000 : 600} />
        ) : (
          <input {...shared} type={type as "text"} inputMode={mode} autoCapitalize={capitals} autoComplete="off" maxLength={200} />
        )}
        {inside}
      </div>
      <Asks text={asks ?? null} id={`${id}-asks`} />
    </div>
  );
}

interface ChoicesProps<T extends string> {
  legend: string;
  options: { value: T; word: string; note?: string | undefined }[];
  value: T | null;
  onValue: (value: T) => void;
  layout?: "one" | "tight";
  asks?: string | null;
  quiet?: boolean;
}

/** One of several: radio buttons that look like buttons. */
export function Choices<T extends string>({ legend, options, value, onValue, layout, asks, quiet }: ChoicesProps<T>) {
  const group = useId();
  return (
    <fieldset>
      <legend class={quiet ? "unseen" : "legend"}>{legend}</legend>
      <div class={`choices ${layout ?? ""}`}>
        {options.map((option) => (
          <label class="choice" key={option.value}>
            <input type="radio" name={group} value={option.value} checked={option.value === value} onChange={() => onValue(option.value)} />
            <span>
              {option.word}
              {option.note && <small>{option.note}</small>}
            </span>
          </label>
        ))}
      </div>
      <Asks text={asks ?? null} />
    </fieldset>
  );
}

interface StepperProps {
  label: string;
  value: number;
  onValue: (value: number) => void;
  fewer: string;
  more: string;
  /** What one less than one means. */
  none: string;
  onNone: () => void;
}

export function Stepper({ label, value, onValue, fewer, more, none, onNone }: StepperProps) {
  return (
    <span class="stepper" role="group" aria-label={label}>
      <button type="button" aria-label={value > 1 ? fewer : none} onClick={() => (value > 1 ? onValue(value - 1) : onNone())}>
        <Icon name={value > 1 ? "minus" : "trash"} size="small" />
      </button>
      <output aria-live="polite">{value}</output>
      <button type="button" aria-label={more} onClick={() => onValue(value + 1)}>
        <Icon name="plus" size="small" />
      </button>
    </span>
  );
}
