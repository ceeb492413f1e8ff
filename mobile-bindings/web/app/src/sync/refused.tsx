/* One refused entry in full: what, why, who and when, the code, and its bytes to take along. */

import { Button, LinkButton } from "../design/controls";
import { Chip } from "../design/chip";
import { Screen } from "../shell/frame";
import { useAlmanac, useDesk, useView } from "../shell/desk";
import { save } from "../shell/file";
import { back, to } from "../shell/route";
import { moment } from "../words/almanac";
import { headline, reasonOf } from "./reason";

export function RefusedScreen({ no }: { no: number }) {
  const { words, logbook, say } = useDesk();
  const almanac = useAlmanac();
  const item = useView(`refused ${no}`, (logbook) => logbook.refused(no));
  if (item === undefined) return null;
  if (item === null) {
    return (
      <Screen title={words.sync.item} from="sync">
        <p class="card second">{words.sync.gone}</p>
      </Screen>
    );
  }
  return (
    <Screen
      title={words.sync.item}
      note={words.sync.refusedAt(moment(item.refused_at, almanac))}
      from="sync"
      aside={<Chip mark="refused" />}
      dock={
        <div class="pair">
          {item.again && (
            <Button icon="refresh" onTap={() => void logbook.askAgain(no).then(() => (say(words.toast.saved), back("sync")))}>
              {words.sync.askAgain}
            </Button>
          )}
          <Button icon="archive" onTap={() => void logbook.acknowledge(no).then(() => back("sync"))}>
            {words.sync.noted}
          </Button>
        </div>
      }
    >
      <section class="card">
        <h2>{headline(item, words)}</h2>
        <dl class="facts roomy-facts">
          <dt>{words.sync.why}</dt>
          <dd>{reasonOf(item, almanac)}</dd>
          {item.by && <dt>{words.sync.who}</dt>}
          {item.by && (
            <dd>
              {item.by}
              {item.decided_at !== null && ` ${moment(item.decided_at, almanac)}`}
            </dd>
          )}
          <dt>{words.sync.when}</dt>
          <dd>{moment(item.at, almanac)}</dd>
          <dt>{words.sync.code("").trim()}</dt>
          <dd>
            {item.code}
            {item.detail && <span class="caption block">{item.detail}</span>}
          </dd>
          <dt>{words.sync.evidence}</dt>
          <dd>
            {words.sync.bytes(item.bytes)}
            <code class="caption block">{item.hash}</code>
          </dd>
        </dl>
      </section>
      <Button icon="file-export" look="full" onTap={() => void logbook.exportRefused(no).then((file) => save(file, `outpost-refused-${no}.json`))}>
        {words.sync.exportOne}
      </Button>
      {item.order && (
        <LinkButton icon="clipboard-list" look="full" href={to("order", item.order)}>
          {words.sync.openOrder}
        </LinkButton>
      )}
    </Screen>
  );
}
