/* Me: whose phone this is, forms and plans, receipt numbers, language, theme, and the way out. */

import { useState } from "preact/hooks";
import type { Me, NumberBlock } from "../logbook/views";
import { Button, Choices, Lead } from "../design/controls";
import { Icon } from "../design/icon";
import { Sheet } from "../design/sheet";
import { Network, Screen } from "../shell/frame";
import { useAlmanac, useDesk, useView, useWords } from "../shell/desk";
import { save } from "../shell/file";
import { to } from "../shell/route";
import { dayMonth, dayOf, moment } from "../words/almanac";
import { FormMark } from "./form";
import { megabytes } from "../words/money";
import { addressOf } from "./forms";
import { periodOf } from "./period";

export function MeScreen() {
  const { words, settings, set, lang } = useDesk();
  const { zone } = useAlmanac();
  const me = useView("me", (logbook) => logbook.me());
  const [leaving, setLeaving] = useState(false);
  return (
    <Screen tab="me" title={me?.owner.name ?? words.me.title} note={me?.owner.station ?? ""} aside={<Network />}>
      {me && (
        <>
          {me.may_write && <Records me={me} />}
          <section class="card flush list">
            <Block icon="receipt" title={words.me.receipts} block={me.receipts} />
            <Block icon="clipboard-list" title={words.me.orderNumbers} block={me.orders} />
          </section>
        </>
      )}
      <Room />
      <section class="card stack wide">
        <Choices
          legend={words.me.language}
          value={lang}
          onValue={(value) => set({ lang: value })}
          options={[
            { value: "zh-CN", word: "中文" },
            { value: "en", word: "English" },
          ]}
        />
        <Choices
          legend={words.me.theme}
          layout="tight"
          value={settings.theme}
          onValue={(theme) => set({ theme })}
          options={(["auto", "light", "dark"] as const).map((value) => ({ value, word: words.me.themes[value] }))}
        />
        <Choices
          legend={words.me.vibrate}
          value={settings.vibrate ? "on" : "off"}
          onValue={(value) => set({ vibrate: value === "on" })}
          options={(["on", "off"] as const).map((value) => ({ value, word: words.me[value] }))}
        />
      </section>
      <section class="card flush list">
        <Lead icon="info-circle" href={to("me", "states")}>
          {words.me.states}
        </Lead>
        <Lead icon="logout" onTap={() => setLeaving(true)}>
          {words.me.signOut}
        </Lead>
      </section>
      {me && (
        <p class="caption faint">
          {words.me.device(me.owner.device)}
          {me.device_since !== null && ` · ${words.me.since(dayMonth(dayOf(me.device_since, zone), words))}`}
          <br />
          {words.me.version} {me.app}
        </p>
      )}
      {leaving && me && <SignOut unsent={me.unsent} onClose={() => setLeaving(false)} />}
    </Screen>
  );
}

function Records({ me }: { me: Me }) {
  const { words, lang } = useDesk();
  const almanac = useAlmanac();
  return (
    <section class="card">
      <h2>{words.me.records}</h2>
      {me.records.length === 0 && <p class="second">{words.me.noRecords}</p>}
      <ul class="list">
        {me.records.map((record) => (
          <li key={record.key.page}>
            <Lead href={addressOf(record.key)} flat aside={<FormMark state={record.state} />}>
              <span class="strong block">{record.title[lang]}</span>
              <span class="second block">
                {periodOf(record.key.period, record.until, words) || moment(record.begun_at, almanac)}
                {record.state === "returned" && record.reason && <span class="block">{words.form.returned(record.reason)}</span>}
                {record.changed && <span class="block">{words.form.changed}</span>}
              </span>
            </Lead>
          </li>
        ))}
      </ul>
      <a class="button full spaced" href={to("me", "forms")}>
        <Icon name="plus" />
        {words.me.write}
      </a>
    </section>
  );
}

/** What the logbook takes up here, and what of it headquarters has, too. */
function Room() {
  const { words, logbook, say } = useDesk();
  const storage = useView("sync", (logbook) => logbook.sync())?.storage;
  if (!storage) return null;
  const room = megabytes(storage.freeable);
  const photos = storage.freeable_photos;
  return (
    <section class="card stack">
      <div class="row">
        <Icon name="database" />
        <span class="grow">
          <span class="block strong">{words.me.storage}</span>
          <span class="second block">{[words.me.used(megabytes(storage.used)), photos > 0 ? words.me.there(photos) : ""].filter(Boolean).join(" · ")}</span>
        </span>
      </div>
      {photos > 0 && (
        <Button look="full" icon="trash" onTap={() => void logbook.freePhotos().then((bytes) => say(words.sync.freed(megabytes(bytes))))}>
          {words.sync.free(room)}
        </Button>
      )}
    </section>
  );
}

function Block({ icon, title, block }: { icon: "receipt" | "clipboard-list"; title: string; block: NumberBlock }) {
  const { me } = useWords();
  return (
    <div class="lead still">
      <Icon name={icon} />
      <span class="grow">
        <span class="block strong">{title}</span>
        <span class="second block">
          {block.next ? [me.receiptsLeft(block.left), me.receiptsNext(block.next)].join(" · ") : me.receiptsNone}
        </span>
      </span>
    </div>
  );
}

/** With unsent work it says the count, keeps it, and asks twice. */
function SignOut({ unsent, onClose }: { unsent: number; onClose: () => void }) {
  const { words, logbook } = useDesk();
  const [twice, setTwice] = useState(false);
  const { me } = words;
  const out = () => void logbook.signOut();
  const file = () => void logbook.exportAll().then((all) => save(all, "outpost-export.json"));
  if (unsent === 0) {
    return (
      <Sheet title={me.signOutNow} note={me.signOutSub} onClose={onClose}>
        <Button look="full danger" icon="logout" onTap={out}>
          {me.signOut}
        </Button>
      </Sheet>
    );
  }
  return (
    <Sheet title={twice ? me.signOutTwice(unsent) : me.signOutUnsent(unsent)} note={twice ? me.signOutTwiceSub : me.signOutKeep} onClose={onClose}>
      <Button look="full" icon="download" onTap={file}>
        {me.signOutExport}
      </Button>
      <Button look={twice ? "full danger solid" : "full danger"} icon="logout" onTap={twice ? out : () => setTwice(true)}>
        {twice ? me.signOutLast : me.signOutYes}
      </Button>
    </Sheet>
  );
}
