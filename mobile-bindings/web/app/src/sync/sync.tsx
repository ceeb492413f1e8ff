/* Sync: three counts from left to right; what needs somebody first, in full; then what is kept, in sending order;
 * then what others decide; then what was admitted last. No percentages, and no spinner. */

import { useState } from "preact/hooks";
import type { ConflictItem, DamagedPage, Problem, RefusedItem, Sync, SyncItem } from "../logbook/views";
import { Button } from "../design/controls";
import { Chip } from "../design/chip";
import { Icon } from "../design/icon";
import { Network, Screen } from "../shell/frame";
import { useAlmanac, useDesk, useView, useWords } from "../shell/desk";
import { save } from "../shell/file";
import { RescueButton } from "../shell/rescue";
import { to } from "../shell/route";
import { ago, clock, moment, momentOfList } from "../words/almanac";
import { megabytes } from "../words/money";
import { actIcon } from "./act-icon";
import { headline, reasonOf } from "./reason";

export function SyncScreen() {
  const { words, logbook } = useDesk();
  const almanac = useAlmanac();
  const sync = useView("sync", (logbook) => logbook.sync());
  const [trying, setTrying] = useState(false);
  const attempt = () => {
    setTrying(true);
    void logbook.syncNow().finally(() => setTrying(false));
  };
  const contact = sync?.outbox.last_contact ?? null;
  return (
    <Screen
      tab="sync"
      title={words.sync.title}
      note={sync && (contact === null ? words.sync.never : words.sync.lastContact(moment(contact, almanac), ago(contact, almanac)))}
      aside={<Network />}
      dock={
        <div class="pair">
          <Button icon="download" onTap={() => void logbook.exportAll().then((file) => save(file, `outpost-${almanac.now}.json`))}>
            {words.sync.exportAll}
          </Button>
          <Button icon="refresh" onTap={attempt}>
            {trying ? words.sync.trying : words.sync.tryNow}
          </Button>
        </div>
      }
    >
      {sync && <Sections sync={sync} />}
    </Screen>
  );
}

function Sections({ sync }: { sync: Sync }) {
  const words = useWords();
  const almanac = useAlmanac();
  const { outbox } = sync;
  const idle = outbox.kept + outbox.sending + outbox.deferred + outbox.refused + outbox.conflicts === 0;
  return (
    <>
      <Counts sync={sync} />
      {sync.problem && (
        <div class="bar amber" role="status">
          <Icon name="alert-triangle" size="small" />
          <span>
            {words.sync.turnedAway}
            <Why problem={sync.problem} />
            {sync.next_try !== null && <span class="second block">{words.sync.triesAgain(moment(sync.next_try, almanac))}</span>}
          </span>
        </div>
      )}
      {sync.next_try !== null && !sync.problem && (
        <div class="bar amber" role="status">
          <Icon name="clock-pause" size="small" />
          <span>{words.sync.nextTry(moment(sync.next_try, almanac))}</span>
        </div>
      )}
      {idle && sync.agreed_at !== null && (
        <p class="card row done-note">
          <Icon name="circle-check" />
          <span class="grow strong">{words.sync.allDone(clock(sync.agreed_at, almanac.zone))}</span>
        </p>
      )}
      {sync.refused.map((item, n) => (
        <Refused key={item.no} item={item} title={n === 0 ? words.sync.refused(sync.refused.length) : words.state.refused} />
      ))}
      {sync.conflicts.map((item) => (
        <Conflict key={`${item.order} ${item.conflict.field}`} item={item} />
      ))}
      {sync.damaged.map((page) => (
        <Damaged key={page.page} page={page} />
      ))}
      {(sync.refused.length > 0 || sync.damaged.length > 0) && <RescueButton />}
      {sync.storage.full && <Full sync={sync} />}
      {sync.retry_at !== null && (
        <div class="bar amber" role="status">
          <Icon name="clock-pause" size="small" />
          <span>{words.sync.deferred(moment(sync.retry_at, almanac))}</span>
        </div>
      )}
      <Waiting sync={sync} />
      {sync.pending.length > 0 && (
        <>
          <h2 class="section">{words.sync.pending}</h2>
          <ul class="card flush list">
            {sync.pending.map((item) => (
              <li class="item" key={item.no}>
                <Icon name={actIcon(item.act)} />
                <span class="grow">
                  <span class="block">
                    {words.act[item.act] ?? item.act} · {item.about}
                  </span>
                  <span class="second block">{words.sync.pendingWith(item.with, moment(item.since, almanac))}</span>
                </span>
                <Chip mark="pending" />
              </li>
            ))}
          </ul>
        </>
      )}
      {sync.settled.length > 0 && (
        <>
          <h2 class="section">{words.sync.settled}</h2>
          <ul class="card flush list">
            {sync.settled.map((item) => (
              <Row key={item.no} item={item} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** What the code means; under it the code, for whoever is called about it. */
function Why({ problem }: { problem: Problem }) {
  const { lang } = useDesk();
  const meant = useView(`sentence ${problem.code}`, (logbook) => logbook.sentence(problem.code));
  return (
    <>
      {meant?.[lang] && <span class="block">{meant[lang]}</span>}
      <span class="second block">{[problem.code, problem.detail].filter(Boolean).join(" · ")}</span>
    </>
  );
}

function Counts({ sync }: { sync: Sync }) {
  const words = useWords();
  const { outbox } = sync;
  return (
    <dl class="card counts" aria-label={words.sync.counts}>
      <div>
        <Icon name="device-mobile" />
        <dd>{outbox.kept + outbox.deferred}</dd>
        <dt>{words.state.kept}</dt>
      </div>
      <Icon name="arrow-right" size="small" />
      <div>
        <Icon name="cloud-upload" />
        <dd>{outbox.sending}</dd>
        <dt>{words.state.sending}</dt>
      </div>
      <Icon name="arrow-right" size="small" />
      <div class="green">
        <Icon name="circle-check" />
        <dd>{outbox.admitted}</dd>
        <dt>{words.state.admitted}</dt>
      </div>
    </dl>
  );
}

function Refused({ item, title }: { item: RefusedItem; title: string }) {
  const { words, logbook, say } = useDesk();
  const almanac = useAlmanac();
  return (
    <section class="needs red">
      <header>
        <Icon name="ban" />
        <span class="grow">{title}</span>
        <span>{momentOfList(item.refused_at, almanac)}</span>
      </header>
      <div class="needs-body">
        <h2>
          <a href={to("sync", String(item.no))}>{headline(item, words)}</a>
        </h2>
        <p>{reasonOf(item, almanac)}</p>
        <p class="second">
          {words.sync.code(item.code)}
          {item.by && ` · ${item.by}`}
        </p>
        <div class="pair">
          {item.again ? (
            <Button icon="refresh" onTap={() => void logbook.askAgain(item.no).then(() => say(words.toast.saved))}>
              {words.sync.askAgain}
            </Button>
          ) : (
            <Button icon="file-export" onTap={() => void logbook.exportRefused(item.no).then((file) => save(file, `outpost-refused-${item.no}.json`))}>
              {words.sync.exportOne}
            </Button>
          )}
          <Button icon="archive" onTap={() => void logbook.acknowledge(item.no)}>
            {words.sync.noted}
          </Button>
        </div>
      </div>
    </section>
  );
}

function Conflict({ item }: { item: ConflictItem }) {
  const words = useWords();
  const almanac = useAlmanac();
  return (
    <section class="needs purple">
      <header>
        <Icon name="arrows-split-2" />
        <span class="grow">{words.order.conflict(words.order.field[item.conflict.field] ?? item.conflict.field)}</span>
      </header>
      <div class="needs-body">
        <h2>
          <a href={to("order", item.order)}>
            {item.customer} · {item.number}
          </a>
        </h2>
        <ul>
          {item.conflict.values.map((value) => (
            <li class="ledger" key={value.value}>
              <span class="strong block">{value.value}</span>
              <span class="second block">
                {value.by} {moment(value.at, almanac)}
              </span>
            </li>
          ))}
        </ul>
        <p class="second">{words.sync.conflictNote}</p>
      </div>
    </section>
  );
}

function Damaged({ page }: { page: DamagedPage }) {
  const { words, logbook } = useDesk();
  return (
    <section class="needs red">
      <header>
        <Icon name="alert-triangle" />
        <span class="grow">{words.sync.damaged}</span>
      </header>
      <div class="needs-body">
        <p>{words.sync.damagedSub(page.about, page.unsent)}</p>
        <div class="pair">
          <Button icon="file-export" onTap={() => void logbook.exportPage(page.page).then((file) => save(file, `outpost-page-${page.page}.json`))}>
            {words.sync.exportPage}
          </Button>
          <Button icon="refresh" onTap={() => void logbook.fetchAnew(page.page)}>
            {words.sync.fetchAnew}
          </Button>
        </div>
      </div>
    </section>
  );
}

function Full({ sync }: { sync: Sync }) {
  const { words, logbook, say } = useDesk();
  const { storage } = sync;
  const room = megabytes(storage.freeable);
  return (
    <section class="card stack">
      <h2 class="row">
        <Icon name="database" />
        <span class="grow">{words.sync.storageFull}</span>
      </h2>
      <p class="second">{storage.freeable_photos > 0 ? words.sync.storageSub(storage.freeable_photos, room) : words.sync.storageNone}</p>
      {storage.freeable_photos > 0 && (
        <Button look="full" icon="trash" onTap={() => void logbook.freePhotos().then((bytes) => say(words.sync.freed(megabytes(bytes))))}>
          {words.sync.free(room)}
        </Button>
      )}
    </section>
  );
}

function Waiting({ sync }: { sync: Sync }) {
  const words = useWords();
  const { blobs, waiting } = sync;
  if (waiting.length === 0 && !blobs) return null;
  return (
    <ul class="card flush list" aria-label={words.sync.waiting}>
      {waiting.map((item) => (
        <Row key={item.no} item={item} />
      ))}
      {blobs && (
        <li class="item">
          <Icon name="camera" />
          <span class="grow">
            <span class="block">{words.sync.blobs(blobs.count, megabytes(blobs.bytes))}</span>
            <span class="second block">{words.sync.blobsLater}</span>
          </span>
          <Chip mark={blobs.state} />
        </li>
      )}
    </ul>
  );
}

function Row({ item }: { item: SyncItem }) {
  const words = useWords();
  const almanac = useAlmanac();
  return (
    <li class="item">
      <Icon name={actIcon(item.act)} />
      <span class="grow">
        <span class="block">{[words.act[item.act] ?? item.act, item.about].filter(Boolean).join(" · ")}</span>
        <span class="second block">{momentOfList(item.at, almanac)}</span>
      </span>
      <Chip mark={item.state} />
    </li>
  );
}
