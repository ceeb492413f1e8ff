/* What the customer signs: the report's lines, as the glass shows them. Photos are counted; the rest is in full. */

import type { Glass } from "../logbook/views";
import { Icon } from "../design/icon";
import { useAlmanac, useWords } from "../shell/desk";
import { clock, type Almanac } from "../words/almanac";
import { yuan } from "../words/money";

type Line = [label: string, text: string, weight?: "strong"];

function visitLine(glass: Glass, { words, zone }: Almanac): string {
  const { arrived_at: arrived, left_at: left } = glass;
  if (arrived === null) return "";
  return left === null
    ? words.sign.visitOpen(clock(arrived, zone))
    : words.sign.visitLine(clock(arrived, zone), clock(left, zone), glass.minutes);
}

function summary(glass: Glass, almanac: Almanac): Line[] {
  const { sign, result, order } = almanac.words;
  const parts = glass.parts.map((part) => `${part.name} × ${part.qty}`).join("；");
  const lines: Line[] = [
    [sign.customer, [glass.customer, glass.contact].filter(Boolean).join(" · ")],
    [sign.unit, [glass.unit, glass.serial].filter(Boolean).join(" ")],
    [sign.fault, glass.fault],
    [sign.cause, glass.cause],
    [sign.visit, visitLine(glass, almanac)],
    [sign.parts, parts || sign.noParts],
  ];
  for (const goods of glass.taken_back) lines.push([sign.taken, `${goods.item} ${goods.serial} · ${goods.receipt_no}`]);
  lines.push([sign.result, glass.result ? result[glass.result] : ""]);
  const type = order.service[glass.service_type].slice(2);
  lines.push([sign.cost, glass.total === 0 ? sign.cost0(type) : `${yuan(glass.total)} ${type}`, "strong"]);
  return lines;
}

function details(glass: Glass, { words }: Almanac): Line[] {
  const { sign, visit, charge } = words;
  const lines: Line[] = [];
  for (const part of glass.parts) {
    const serials = [part.old_serial && `${visit.oldSerial} ${part.old_serial}`, part.new_serial && `${visit.newSerial} ${part.new_serial}`];
    const price = part.billable ? yuan(part.qty * part.unit_price) : visit.free[glass.service_type];
    lines.push([part.part_no, [`${part.name} × ${part.qty}`, price, ...serials].filter(Boolean).join(" · ")]);
  }
  for (const each of glass.charges) {
    lines.push([sign.charges, [each.item, yuan(each.amount), charge.methods[each.method], each.receipt_no && visit.receipt(each.receipt_no)].filter(Boolean).join(" · ")]);
  }
  return lines;
}

export function Covered({ glass, all, onAll }: { glass: Glass; all: boolean; onAll: () => void }) {
  const words = useWords();
  const almanac = useAlmanac();
  const lines = all ? [...summary(glass, almanac), ...details(glass, almanac)] : summary(glass, almanac);
  return (
    <section class="card covered">
      <dl>
        {lines.map(([label, text, weight], n) => (
          <div key={n}>
            <dt>{label}</dt>
            <dd class={weight}>{text}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="all" aria-expanded={all} onClick={onAll}>
        <Icon name="camera" size="small" />
        <span class="grow second">{words.sign.photos(glass.photos)}</span>
        <span class="strong">{all ? words.sign.fewer : words.sign.all(glass.covered)}</span>
        <Icon name={all ? "chevron-down" : "chevron-right"} size="small" />
      </button>
    </section>
  );
}
