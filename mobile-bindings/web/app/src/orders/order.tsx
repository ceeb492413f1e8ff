/* One order: whom to go to by when, what is known of the unit, the past from top to bottom ending in the next step. */

import { useEffect, useState } from "preact/hooks";
import type { Order } from "../logbook/views";
import { Button, Lead, LinkButton } from "../design/controls";
import { FlagChip } from "../design/chip";
import { Icon } from "../design/icon";
import { LimitClock } from "../design/limit";
import { Sheet } from "../design/sheet";
import { IconButton } from "../design/controls";
import { DamagedBar } from "../shell/damaged";
import { Screen } from "../shell/frame";
import { NextSlab } from "../shell/next";
import { useAlmanac, useDesk, useView, useWords } from "../shell/desk";
import { go, to } from "../shell/route";
import { clock, dayOf, shortDay } from "../words/almanac";
import { CallReturn, NoAnswer } from "./call";
import { HandBack, Rebook } from "./rebook";
import { Story } from "./story";

type Open = "call" | "no_answer" | "rebook" | "hand_back" | "late" | "menu" | null;

export function OrderScreen({ page }: { page: string }) {
  const { words, log } = useDesk();
  const almanac = useAlmanac();
  const order = useView(`order ${page}`, (logbook) => logbook.order(page));
  const [open, setOpen] = useState<Open>(null);
  const [called, setCalled] = useState(false);
  useEffect(() => {
    // Back from the dialler: one question, once.
    const returned = () => {
      if (called && document.visibilityState === "visible") {
        setCalled(false);
        setOpen("call");
      }
    };
    document.addEventListener("visibilitychange", returned);
    addEventListener("focus", returned);
    return () => {
      document.removeEventListener("visibilitychange", returned);
      removeEventListener("focus", returned);
    };
  }, [called]);
  if (order === undefined) return null;
  if (order === null) {
    return (
      <Screen title={words.orders.title} from="orders">
        <div class="card empty">{words.order.missing}</div>
      </Screen>
    );
  }
  const { line } = order;
  const close = () => setOpen(null);
  const next = order.next;
  return (
    <Screen
      title={words.order.title(line.number)}
      note={`${words.orderState[line.state]} · ${words.order.service[order.service_type]}`}
      from="orders"
      aside={<IconButton icon="dots" label={words.more} onTap={() => setOpen("menu")} />}
      dock={
        (next || order.may.contact) && (
          <>
            <div class="trio long">
              {order.may.contact && (
                <Button icon="phone-off" onTap={() => void log({ act: "contact", order: page, outcome: "no_answer", note: "", appointment: null }, words.story.no_answer).then((kept) => kept && setOpen("no_answer"))}>
                  {words.order.noAnswer}
                </Button>
              )}
              {order.may.rebook && (
                <Button icon="calendar" onTap={() => setOpen("rebook")}>
                  {words.order.rebook}
                </Button>
              )}
              {order.toolkit.of > 0 && (
                <LinkButton icon="checklist" href={to("order", page, "toolkit")}>
                  {words.order.toolkit(order.toolkit.checked, order.toolkit.of)}
                </LinkButton>
              )}
            </div>
            {next && <NextSlab here next={next} {...(next.act === "contact" ? { onTap: () => setOpen("call") } : order.too_late && next.act === "depart" ? { onTap: () => setOpen("late") } : {})} />}
          </>
        )
      }
    >
      <DamagedBar page={page} />
      {line.taken_by && (
        <div class="bar amber" role="status">
          <Icon name="switch-horizontal" size="small" />
          <span>{words.order.takenBar(line.taken_by)}</span>
        </div>
      )}
      <section class="card">
        <div class="row top">
          <div class="grow">
            <h2 class="name big">{line.customer}</h2>
            <p class="second">{[order.address, order.contact].filter(Boolean).join(" · ")}</p>
          </div>
          {line.limit && <LimitClock limit={line.limit} plain />}
        </div>
        <div class="pair spaced">
          {order.phone && (
            <LinkButton icon="phone" href={`tel:${order.phone}`} onTap={() => setCalled(true)}>
              {words.order.call}
            </LinkButton>
          )}
          {order.may.contact && !order.phone && (
            <Button icon="phone" onTap={() => setOpen("call")}>
              {words.act["contact"]}
            </Button>
          )}
          {order.place && (
            <LinkButton icon="map-pin" href={`geo:${order.place.lat},${order.place.lng}?q=${order.place.lat},${order.place.lng}(${encodeURIComponent(line.customer)})`}>
              {words.order.map}
            </LinkButton>
          )}
        </div>
      </section>
      <UnitCard order={order} today={dayOf(almanac.now, almanac.zone)} />
      {order.flags.map((flag) => (
        <div class="card flag-note" key={flag.kind}>
          <FlagChip flag={flag.kind} />
          <p class="second">{words.flagDo[flag.kind]}</p>
        </div>
      ))}
      {order.conflicts.map((conflict) => (
        <div class="bar purple" key={conflict.field}>
          <Icon name="arrows-split-2" size="small" />
          <span>{words.order.conflict(words.order.field[conflict.field] ?? conflict.field)}</span>
        </div>
      ))}
      <Story order={order} />
      <Custody order={order} />
      {open === "call" && <CallReturn order={order} onClose={close} onNoAnswer={() => setOpen("no_answer")} />}
      {open === "no_answer" && <NoAnswer order={order} onClose={close} />}
      {open === "rebook" && <Rebook order={order} onClose={close} />}
      {open === "hand_back" && <HandBack order={order} onClose={close} />}
      {open === "late" && <TooLate order={order} onClose={close} onRebook={() => setOpen("rebook")} onHandBack={() => setOpen("hand_back")} onCall={() => setCalled(true)} />}
      {open === "menu" && <Menu order={order} onClose={close} onHandBack={() => setOpen("hand_back")} />}
    </Screen>
  );
}

function UnitCard({ order, today }: { order: Order; today: string }) {
  const words = useWords();
  const { line, history, warranty_until: until } = order;
  const last = history[0];
  return (
    <section class="card flush">
      <div class="unit">
        <h2 class="unit-name">{[line.model, line.unit].filter(Boolean).join(" ")}</h2>
        <p class="second">
          {[order.serial, until ? words.order.warranty(until, until < today) : words.order.noWarranty].filter(Boolean).join(" · ")}
        </p>
        <p class="fault">{line.fault}</p>
      </div>
      {last ? (
        <Lead icon="history" href={to("order", line.page, "history")}>
          <span class="strong history-line">
            {history.length === 1 ? words.order.repairedOnce(shortDay(last.day)) : words.order.repairedTimes(shortDay(last.day), history.length)}
          </span>
        </Lead>
      ) : (
        <p class="second never">{words.order.neverRepaired}</p>
      )}
    </section>
  );
}

/** Goods that left with the engineer, and the way home of each. */
function Custody({ order }: { order: Order }) {
  const { words, log } = useDesk();
  if (order.goods.length === 0) return null;
  return (
    <section class="card">
      <h2>{words.order.goods}</h2>
      <ul>
        {order.goods.map((goods) => (
          <li class="row ledger wrap" key={goods.receipt_no}>
            <span class="grow">
              <span class="strong block">{goods.item}</span>
              <span class="second block">
                {goods.returned_at === null ? words.order.goodsState(goods.receipt_no, goods.inspected) : words.order.goodsReturned(goods.receipt_no)}
              </span>
            </span>
            {goods.returned_at === null && goods.inspected === true && (
              <Button icon="package-export" onTap={() => void log({ act: "return_item", order: order.line.page, receipt_no: goods.receipt_no }, words.story.goods_returned(goods.receipt_no))}>
                {words.order.giveBack}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function TooLate({ order, onClose, onRebook, onHandBack, onCall }: { order: Order; onClose: () => void; onRebook: () => void; onHandBack: () => void; onCall: () => void }) {
  const { words, log } = useDesk();
  const { zone } = useAlmanac();
  const leave = async () => {
    const captured = await log({ act: "depart", order: order.line.page }, words.act["depart"]);
    onClose();
    if (captured?.visit) go("visit", captured.visit);
  };
  return (
    <Sheet title={words.rebook.late} note={order.latest_departure ? words.rebook.lateSub(clock(order.latest_departure, zone)) : undefined} onClose={onClose}>
      <LinkButton icon="phone" look="full" href={`tel:${order.phone}`} onTap={onCall}>
        {words.rebook.call}
      </LinkButton>
      <Button icon="calendar" look="full" onTap={onRebook}>
        {words.order.rebook}
      </Button>
      <Button icon="switch-horizontal" look="full" onTap={onHandBack}>
        {words.rebook.handBack}
      </Button>
      <Button icon="car" look="full" onTap={() => void leave()}>
        {words.act["depart"]}
      </Button>
    </Sheet>
  );
}

function Menu({ order, onClose, onHandBack }: { order: Order; onClose: () => void; onHandBack: () => void }) {
  const { words, say } = useDesk();
  return (
    <Sheet title={order.line.number} onClose={onClose}>
      <div class="card flush list">
        <Lead icon="history" href={to("order", order.line.page, "history")}>
          {words.order.menu.history}
        </Lead>
        {order.may.hand_back && (
          <Lead icon="switch-horizontal" onTap={onHandBack}>
            {words.order.menu.handBack}
          </Lead>
        )}
        <Lead
          icon="copy"
          onTap={() => {
            void navigator.clipboard?.writeText(order.line.number).then(() => say(words.toast.copied));
            onClose();
          }}
        >
          {words.order.menu.copy}
        </Lead>
      </div>
    </Sheet>
  );
}
