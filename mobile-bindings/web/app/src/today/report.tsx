/* The technician's daily report (006): the day's visits write it; general work is added; a tap sends it. */

import { useState } from "preact/hooks";
import type { Day, DayReport } from "../logbook/views";
import { Button, Choices, Field, Slab } from "../design/controls";
import { Chip } from "../design/chip";
import { Icon } from "../design/icon";
import { Sheet } from "../design/sheet";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useAlmanac, useDesk, useView, useWords } from "../shell/desk";
import { to } from "../shell/route";
import { clock, longDay, spanOfMinutes } from "../words/almanac";

export function ReportScreen({ day }: { day: Day }) {
  const { words, log } = useDesk();
  const { zone } = useAlmanac();
  const report = useView(`report ${day}`, (logbook) => logbook.report(day));
  const [adding, setAdding] = useState(false);
  const send = () => void log({ act: "send_report", day }, words.report.title);
  return (
    <Screen
      title={words.report.title}
      note={words.report.sub(longDay(day, words))}
      from="today"
      dock={report?.may_send ? <Slab icon="report" title={report.sent ? words.report.sendAgain : words.report.send} note={words.report.sendSub} onTap={send} /> : undefined}
    >
      {report && (
        <>
          {report.sent && (
            <div class="bar">
              <span>
                {(report.sent.state === "admitted" || report.sent.state === "already_so" ? words.report.sent : words.report.ready)(clock(report.sent.at, zone))}
                {report.may_send && <span class="second block">{words.report.sentNote}</span>}
              </span>
              <Chip mark={report.sent.state} />
            </div>
          )}
          <Visits report={report} />
          <section class="card">
            <h2>{words.report.tasks}</h2>
            {report.tasks.length === 0 && <p class="second">{words.report.noTasks}</p>}
            <ul>
              {report.tasks.map((task) => (
                <li class="row ledger wrap" key={task.entry}>
                  <span class="grow">{task.note || words.report.types.D}</span>
                  <Chip mark={task.state} />
                  <span class="figure">{spanOfMinutes(task.minutes)}</span>
                </li>
              ))}
            </ul>
            <Button icon="plus" look="full spaced" onTap={() => setAdding(true)}>
              {words.report.add}
            </Button>
          </section>
          <Totals report={report} />
        </>
      )}
      {adding && <TaskSheet onClose={() => setAdding(false)} />}
    </Screen>
  );
}

function Visits({ report }: { report: DayReport }) {
  const words = useWords();
  return (
    <section class="card">
      <h2>{words.report.visits}</h2>
      {report.visits.length === 0 && <p class="second">{words.report.noVisits}</p>}
      <ul>
        {report.visits.map((visit) => (
          <li key={visit.page}>
            <a class="row ledger wrap plain" href={to("visit", visit.page)}>
              <span class="grow">
                <span class="strong block">{visit.customer}</span>
                <span class="second block">
                  {visit.model} · {words.report.types[visit.service_type]}
                  {visit.result && ` · ${words.result[visit.result]}`}
                </span>
              </span>
              <span class="figure">{visit.minutes === null ? <span class="caption">{words.report.running}</span> : spanOfMinutes(visit.minutes)}</span>
              <Icon name="chevron-right" size="go" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Totals({ report }: { report: DayReport }) {
  const words = useWords();
  const total = report.minutes.reduce((sum, line) => sum + line.minutes, 0);
  return (
    <section class="card" aria-label={words.report.total}>
      <dl>
        {report.minutes.map((line) => (
          <div class="row ledger" key={line.of}>
            <dt class="grow second">{words.report.types[line.of]}</dt>
            <dd class="figure">{spanOfMinutes(line.minutes)}</dd>
          </div>
        ))}
        <div class="row ledger">
          <dt class="grow strong">{words.report.total}</dt>
          <dd class="figure strong">{spanOfMinutes(total)}</dd>
        </div>
      </dl>
    </section>
  );
}

const lengths = ["15", "30", "60", "90", "120", "180", "240", "480"] as const;

function TaskSheet({ onClose }: { onClose: () => void }) {
  const { words, log } = useDesk();
  const [note, setNote] = useDraft("note");
  const [minutes, setMinutes] = useState<(typeof lengths)[number]>("60");
  const [asked, setAsked] = useState(false);
  const keep = async () => {
    if (!note.trim()) return setAsked(true);
    if (await log({ act: "task", minutes: Number(minutes), note: note.trim() })) onClose();
  };
  return (
    <Sheet title={words.report.taskTitle} onClose={onClose}>
      <Field label={words.report.what} value={note} onValue={setNote} asks={asked && !note.trim() ? words.report.needWhat : null} />
      <Choices
        legend={words.report.minutes}
        layout="tight"
        options={lengths.map((value) => ({ value, word: spanOfMinutes(Number(value)) }))}
        value={minutes}
        onValue={setMinutes}
      />
      <Slab icon="check" title={words.save} onTap={() => void keep()} />
    </Sheet>
  );
}
