/* A visit: five steps with their times, the cause, parts, photos; charge and take-back below; the slab is the next
 * step. Finish asks the result, and leads to the signature. Nothing that is missing takes away what was logged. */

import { useState } from "preact/hooks";
import type { Visit, VisitResult, VisitStep } from "../logbook/views";
import { Field, LinkButton, Slab } from "../design/controls";
import { Chip } from "../design/chip";
import { Icon } from "../design/icon";
import { Sheet } from "../design/sheet";
import { useDraft } from "../shell/draft";
import { DamagedBar } from "../shell/damaged";
import { Screen } from "../shell/frame";
import { NextSlab, take } from "../shell/next";
import { useAlmanac, useDesk, useView, useWords } from "../shell/desk";
import { go, to } from "../shell/route";
import type { IconName } from "../icons";
import { clock, span } from "../words/almanac";
import { yuan } from "../words/money";
import { Answer } from "../orders/call";
import { PartsUsed } from "./parts-used";
import { Photos } from "./photos";

export function VisitScreen({ page }: { page: string }) {
  const desk = useDesk();
  const { words } = desk;
  const visit = useView(`visit ${page}`, (logbook) => logbook.visit(page));
  const [open, setOpen] = useState<"cause" | "finish" | null>(null);
  const [asked, setAsked] = useState(false);
  if (visit === undefined) return null;
  if (visit === null) {
    return (
      <Screen title={words.orders.title} from="today">
        <div class="card empty">{words.visit.missing}</div>
      </Screen>
    );
  }
  const finish = () => {
    if (visit.missing.includes("cause")) {
      setAsked(true);
      setOpen("cause");
    } else setOpen("finish");
  };
  const next = visit.next;
  return (
    <Screen
      title={`${visit.customer} · ${visit.model}`}
      note={words.visit.ordinal(visit.number, visit.ordinal)}
      from="today"
      aside={<Elapsed visit={visit} />}
      dock={
        <>
          <div class="pair">
            <LinkButton icon="cash" href={to("visit", page, "charge")}>
              {words.visit.charge}
            </LinkButton>
            <LinkButton icon="package" href={to("visit", page, "take-back")}>
              {words.visit.takeBack}
            </LinkButton>
          </div>
          {next &&
            (next.act === "finish" ? (
              <Slab leads icon="clipboard-check" title={words.visit.finish} note={words.hint["finish"]} onTap={finish} />
            ) : (
              <NextSlab here next={next} onTap={() => void take(next, desk)} />
            ))}
        </>
      }
    >
      <DamagedBar page={page} />
      <Track visit={visit} />
      {visit.taken_by && (
        <div class="bar amber" role="status">
          <Icon name="switch-horizontal" size="small" />
          <span>{words.order.takenBar(visit.taken_by)}</span>
        </div>
      )}
      {visit.signed && <SignedBar visit={visit} />}
      <section class="card">
        <button type="button" class={asked && visit.missing.includes("cause") ? "input picker asked" : "input picker"} onClick={() => setOpen("cause")}>
          <span class="second">{words.visit.cause}</span>
          <span class={visit.cause.value ? "grow" : "grow faint"}>{visit.cause.value || words.visit.causeHint}</span>
          {visit.cause.conflict && <Chip mark="conflict" />}
          <Icon name="chevron-right" size="small" />
        </button>
      </section>
      <PartsUsed visit={visit} />
      <Photos visit={visit} />
      <Money visit={visit} />
      {open === "cause" && <CauseSheet visit={visit} asked={asked} onClose={() => setOpen(null)} />}
      {open === "finish" && <ResultSheet visit={visit} onClose={() => setOpen(null)} />}
    </Screen>
  );
}

function Elapsed({ visit }: { visit: Visit }) {
  const { words } = useDesk();
  const { now } = useAlmanac();
  const at = (is: VisitStep["is"]) => visit.steps.find((step) => step.is === is)?.at ?? null;
  const [from, until] = [at("arrive") ?? at("depart"), at("finish")];
  const reached = [...visit.steps].reverse().find((step) => step.at !== null);
  if (from === null || !reached) return null;
  const stage = reached.is === "work" ? "arrive" : reached.is;
  return (
    <p class="elapsed">
      <b>{span((until ?? now) - from)}</b>
      <span>{words.visit.stage[stage]}</span>
    </p>
  );
}

const stepIcons: Record<VisitStep["is"], IconName> = { depart: "car", arrive: "map-pin", work: "tool", finish: "clipboard-check", sign: "signature" };

function Track({ visit }: { visit: Visit }) {
  const words = useWords();
  const { zone } = useAlmanac();
  return (
    <ol class="track">
      {visit.steps.map((step) => (
        <li key={step.is} class={step.now ? "now" : ""} aria-current={step.now ? "step" : undefined}>
          <span class={`dot ${step.now ? "now" : step.at === null ? "" : step.state === "admitted" ? "done" : (step.state ?? "")}`}>
            {step.now ? <Icon name={stepIcons[step.is]} /> : step.at !== null && <Icon name="check" />}
          </span>
          <span class="track-word">{words.visit.step[step.is]}</span>
          <span class="track-time">{step.now ? words.visit.now : step.at === null ? "" : clock(step.at, zone)}</span>
        </li>
      ))}
    </ol>
  );
}

function SignedBar({ visit }: { visit: Visit }) {
  const words = useWords();
  if (!visit.signed) return null;
  return (
    <section class="card stack">
      <div class="row wrap">
        <span class="grow strong">{words.visit.signedBy(visit.signed.name, visit.signed.score)}</span>
        {visit.signed.amended && <Chip mark="amended" />}
      </div>
      <p class="second">{visit.signed.amended ? words.visit.amended : words.visit.after}</p>
      <LinkButton icon="qrcode" href={to("visit", visit.page, "proof")} look="full">
        {words.visit.seeProof}
      </LinkButton>
    </section>
  );
}

function Money({ visit }: { visit: Visit }) {
  const words = useWords();
  if (visit.charges.length === 0 && visit.taken_back.length === 0) return null;
  return (
    <section class="card">
      <ul>
        {visit.charges.map((charge) => (
          <li class="row ledger wrap" key={charge.entry}>
            <span class="grow">
              <span class="strong block">{charge.item}</span>
              <span class="second block">
                {charge.method === "cash" ? words.visit.receipt(charge.receipt_no) : words.charge.methods.invoice}
              </span>
            </span>
            <Chip mark={charge.state} />
            <span class="figure">{yuan(charge.amount)}</span>
          </li>
        ))}
        {visit.taken_back.map((goods) => (
          <li class="row ledger wrap" key={goods.entry}>
            <span class="grow">
              <span class="strong block">
                {words.visit.taken}：{goods.item}
              </span>
              <span class="second block">{[goods.serial, words.visit.receipt(goods.receipt_no)].filter(Boolean).join(" · ")}</span>
            </span>
            <Chip mark={goods.state} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CauseSheet({ visit, asked, onClose }: { visit: Visit; asked: boolean; onClose: () => void }) {
  const { words, log } = useDesk();
  const [cause, setCause] = useDraft("cause", visit.cause.value);
  const [empty, setEmpty] = useState(asked);
  const keep = async () => {
    if (!cause.trim()) return setEmpty(true);
    if (await log({ act: "set", page: visit.order, field: "fault_cause", value: cause.trim() }, words.visit.causeTitle)) onClose();
  };
  return (
    <Sheet title={words.visit.causeTitle} onClose={onClose}>
      <Field label={words.visit.causeHint} value={cause} onValue={setCause} lines asks={empty && !cause.trim() ? words.visit.causeAsk : null} />
      <Slab icon="check" title={words.save} onTap={() => void keep()} />
    </Sheet>
  );
}

const results: VisitResult[] = ["fixed", "follow_up", "taken_back", "no_fault"];

function ResultSheet({ visit, onClose }: { visit: Visit; onClose: () => void }) {
  const { words, log } = useDesk();
  const choose = async (result: VisitResult) => {
    if (await log({ act: "leave", visit: visit.page, result }, words.act["finish"])) {
      onClose();
      go("visit", visit.page, "sign");
    }
  };
  return (
    <Sheet title={words.result.title} onClose={onClose}>
      {results.map((result) => (
        <Answer key={result} title={words.result[result]} note={words.result[`${result}Sub`]} onTap={() => void choose(result)} />
      ))}
    </Sheet>
  );
}
