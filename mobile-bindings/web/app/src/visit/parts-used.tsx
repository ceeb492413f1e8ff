/* Parts fitted: quantity and both serials of each. A change stands in for the line before it. */

import type { NewPart, PartUsed, Visit } from "../logbook/views";
import { LinkButton, Stepper } from "../design/controls";
import { useDesk } from "../shell/desk";
import { to } from "../shell/route";
import { yuan } from "../words/money";
import { Serial } from "./serial";

export function PartsUsed({ visit }: { visit: Visit }) {
  const { words, log } = useDesk();
  const price = (part: PartUsed) =>
    part.billable ? words.visit.each(yuan(part.unit_price)) : words.visit.free[visit.service_type];
  const change = (part: PartUsed, changed: Partial<NewPart>) => {
    const { entry, state: _, ...line } = part;
    void log({ act: "use_part", visit: visit.page, part: { ...line, ...changed }, replaces: entry });
  };
  return (
    <section class="card stack">
      <h2 class="section flat">{words.visit.parts}</h2>
      {visit.parts.map((part) => (
        <div class="stack part" key={part.entry}>
          <div class="row wrap">
            <div class="grow part-name">
              <h3 class="strong">{part.name}</h3>
              <p class="second">
                {part.part_no} · {price(part)}
              </p>
            </div>
            <Stepper label={words.visit.qty} value={part.qty} fewer={words.visit.fewer} more={words.visit.moreOne} none={words.visit.removePart} onNone={() => void log({ act: "void", page: visit.page, target: part.entry, reason: words.visit.removePart }, words.act["void"])} onValue={(qty) => change(part, { qty })} />
          </div>
          <div class="pair">
            <Serial label={words.visit.oldSerial} value={part.old_serial} onKeep={(old_serial) => change(part, { old_serial })} />
            <Serial label={words.visit.newSerial} value={part.new_serial} onKeep={(new_serial) => change(part, { new_serial })} />
          </div>
        </div>
      ))}
      <LinkButton icon="plus" look="full" href={to("visit", visit.page, "part")}>
        {words.visit.addPart}
      </LinkButton>
    </section>
  );
}
