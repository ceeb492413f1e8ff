/* The frame of a screen: head, what is read, dock. Tabs stand only under the five main screens. */

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { IconName } from "../icons";
import { Icon } from "../design/icon";
import { IconButton } from "../design/controls";
import { useDesk, useView, useWords } from "./desk";
import { back, placeOf, to } from "./route";
import type { Words } from "../words/words";

export type Tab = keyof Words["tabs"];

const tabs: [Tab, IconName][] = [
  ["today", "home"],
  ["orders", "clipboard-list"],
  ["attendance", "calendar-month"],
  ["sync", "refresh"],
  ["me", "user"],
];

function Tabs({ current }: { current: Tab }) {
  const words = useWords();
  const today = useView("today", (logbook) => logbook.today());
  // Only what needs somebody: what waits counts for nothing.
  const needs = today && !today.recalled ? today.outbox.refused + today.outbox.conflicts : 0;
  return (
    <nav class="tabs" aria-label={words.tabsLabel}>
      {tabs.map(([tab, icon]) => (
        <a key={tab} href={to(tab)} aria-current={tab === current ? "page" : undefined}>
          <Icon name={icon} />
          {tab === "sync" && needs > 0 && (
            <span class="badge" aria-hidden="true">
              {needs}
            </span>
          )}
          <span>{words.tabs[tab]}</span>
          {tab === "sync" && needs > 0 && <span class="unseen">{needs}</span>}
        </a>
      ))}
    </nav>
  );
}

/** Network is a fact, not a fault: it leads to Sync. */
export function Network() {
  const { online, words } = useDesk();
  return (
    <a class="net" href={to("sync")}>
      <Icon name={online ? "wifi" : "wifi-off"} />
      {online ? words.network.online : words.network.offline}
    </a>
  );
}

interface ScreenProps {
  title: string;
  note?: ComponentChildren;
  tab?: Tab;
  /** Where Back leads when there is nowhere to go back to. */
  from?: string;
  closes?: boolean;
  aside?: ComponentChildren;
  dock?: ComponentChildren;
  children: ComponentChildren;
  wide?: boolean;
}

export function Screen({ title, note, tab, from = "today", closes, aside, dock, children, wide }: ScreenProps) {
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const here = useRef(location.hash);
  useLayoutEffect(() => {
    scrollTo(0, placeOf(here.current));
    document.title = `${title} · ${words.app}`;
  }, []);
  useEffect(() => {
    if (document.activeElement === document.body || !document.activeElement) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="app">
      {dock && (
        <a
          class="skip"
          href="#next-step"
          onClick={(event) => {
            event.preventDefault();
            const below = document.getElementById("next-step");
            (below?.querySelector<HTMLElement>(".slab") ?? below?.querySelector<HTMLElement>("button, a"))?.focus();
          }}
        >
          {words.skip}
        </a>
      )}
      <div class="screen entering">
        <header class={tab ? "head" : "head detail"}>
          {!tab && <IconButton icon={closes ? "x" : "chevron-left"} label={closes ? words.close : words.back} onTap={() => back(from)} />}
          <div class="titles">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {note && <p>{note}</p>}
          </div>
          {aside}
        </header>
        <main class={wide ? "stack wide" : "stack"}>{children}</main>
      </div>
      {tab ? (
        <div class="dock tabbed">
          {dock && (
            <section class="above" id="next-step" aria-label={words.next}>
              {dock}
            </section>
          )}
          <Tabs current={tab} />
        </div>
      ) : (
        dock && (
          <section class="dock" id="next-step" aria-label={words.next}>
            {dock}
          </section>
        )
      )}
    </div>
  );
}
