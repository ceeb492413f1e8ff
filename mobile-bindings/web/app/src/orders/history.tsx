/* What was done to this unit before, the latest first. */

import { Icon } from "../design/icon";
import { Screen } from "../shell/frame";
import { useDesk, useView } from "../shell/desk";
import { longDay } from "../words/almanac";

export function HistoryScreen({ page }: { page: string }) {
  const { words } = useDesk();
  const order = useView(`order ${page}`, (logbook) => logbook.order(page));
  if (!order) return null;
  return (
    <Screen title={words.history.title} note={`${order.line.model} ${order.line.unit} · ${order.serial}`} from="orders">
      {order.history.length === 0 && (
        <div class="card empty">
          <Icon name="history" size="large" />
          <p>{words.history.none}</p>
        </div>
      )}
      {order.history.map((past) => (
        <section class="card" key={past.page}>
          <div class="spread">
            <h2>{longDay(past.day, words)}</h2>
            {past.result && <span class="order-state">{words.result[past.result]}</span>}
          </div>
          <p>{past.fault}</p>
          <dl class="facts">
            <dt>{words.history.cause}</dt>
            <dd>{past.cause}</dd>
            {past.parts.length > 0 && <dt>{words.history.parts}</dt>}
            {past.parts.length > 0 && <dd>{past.parts.join("、")}</dd>}
            <dt>{words.history.by}</dt>
            <dd>
              {past.engineer} · {past.number}
            </dd>
          </dl>
        </section>
      ))}
    </Screen>
  );
}
