/* Enrolment: the code is scanned or typed; what the phone can do is tried first, and where storage isn't granted to
 * last there is no way round it, only the reason and the way in for this browser. */

import { useState } from "preact/hooks";
import type { Enrolment, StorageRefusal, Trial } from "../logbook/views";
import { Button, Choices, Field, Slab } from "../design/controls";
import { Icon } from "../design/icon";
import { useDesk } from "../shell/desk";
import { canScan, ScanSheet } from "../visit/scan";

export function Enrol({ refused, onDone }: { refused: StorageRefusal | null; onDone: () => void }) {
  const { words, logbook, lang, set, owner } = useDesk();
  const [code, setCode] = useState("");
  const [scanning, setScanning] = useState(false);
  const [outcome, setOutcome] = useState<Enrolment | null>(null);
  const [asked, setAsked] = useState(false);
  const [trying, setTrying] = useState(false);
  const { enrol } = words;
  const go = async (text: string) => {
    if (!text.trim()) return setAsked(true);
    setTrying(true);
    setOutcome(await logbook.enrol(text.trim()));
    setTrying(false);
  };
  const done = outcome !== null && outcome.problem === null && !trying && owner !== null;
  const problem = outcome?.problem ? (enrol.problem[outcome.problem.code] ?? outcome.problem.detail) : null;
  return (
    <div class="app">
      <main class="screen stack wide enrol">
        <header class="row top">
          <span class="grow">
            <h1>{done ? enrol.ready(owner.name) : enrol.title}</h1>
            <p class="second">{done ? owner.station : enrol.sub}</p>
          </span>
        </header>
        <Choices
          quiet
          legend={words.me.language}
          value={lang}
          onValue={(value) => set({ lang: value })}
          options={[
            { value: "zh-CN", word: "中文" },
            { value: "en", word: "English" },
          ]}
        />
        {refused ? (
          <section class="needs red">
            <header>
              <Icon name="database" />
              <span class="grow">{enrol.refusedTitle}</span>
            </header>
            <div class="needs-body">
              <p class="strong">{enrol.refused[refused]}</p>
              <p class="second">{enrol.refusedWhy}</p>
              <Button icon="refresh" onTap={() => location.reload()}>
                {enrol.again}
              </Button>
            </div>
          </section>
        ) : done ? null : (
          <section class="card stack wide">
            {canScan && (
              <Button icon="scan" look="full" onTap={() => setScanning(true)}>
                {enrol.scan}
              </Button>
            )}
            <Field long label={enrol.code} hint={enrol.codeHint} value={code} onValue={setCode} lines asks={problem ?? (asked && !code.trim() ? enrol.needCode : null)} />
            {!canScan && <p class="caption">{enrol.scanNot}</p>}
          </section>
        )}
        {outcome && <Trials trials={outcome.trials} />}
      </main>
      {!refused && (
        <section class="dock" aria-label={words.next}>
          {done ? (
            <Slab leads icon="check" title={enrol.begin} onTap={onDone} />
          ) : (
            <Slab icon="key" title={trying ? enrol.trying : enrol.go} onTap={() => void (trying || go(code))} />
          )}
        </section>
      )}
      {scanning && (
        <ScanSheet
          onClose={() => setScanning(false)}
          onFound={(found) => {
            setScanning(false);
            setCode(found);
            void go(found);
          }}
        />
      )}
    </div>
  );
}

function Trials({ trials }: { trials: Trial[] }) {
  const { enrol } = useDesk().words;
  const look = { waiting: "slate bare", passed: "green bare", missing: "slate bare", refused: "red solid" } as const;
  const icon = { waiting: "hourglass", passed: "circle-check", missing: "minus", refused: "ban" } as const;
  return (
    <section class="card">
      <h2>{enrol.testing}</h2>
      <ul>
        {trials.map((trial) => (
          <li class="row ledger" key={trial.of}>
            <span class="grow">{enrol.trial[trial.of]}</span>
            <span class={`chip ${look[trial.result]}`}>
              <Icon name={icon[trial.result]} />
              {enrol.trialResult[trial.result]}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
