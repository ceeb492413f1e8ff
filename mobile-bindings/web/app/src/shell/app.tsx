/* The app: sets the desk, shows the screen that the address names, and says what was saved.
 * Before a phone is enrolled, or while another page has the logbook, there is one screen and no address. */

import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Logbook } from "../logbook/logbook";
import { untaken } from "../logbook/untaken";
import type { Act, Captured, Lang, Standing } from "../logbook/views";
import { phoneLanguage, tables } from "../words/words";
import { Icon } from "../design/icon";
import { DeskContext, forgetViews, type Desk, type Settings } from "./desk";
import { dropDrafts } from "./draft";
import { useRoute } from "./route";
import { screenOf } from "./screens";
import { Enrol } from "../enrol/enrol";
import { OverdueBar } from "./overdue";
import { Stopped } from "./stopped";
import { UpdateBar } from "./update";

const undoFor = 6_000;

export function App({ logbook, settings, keep }: { logbook: Logbook; settings: Settings; keep: (settings: Settings) => void }) {
  const [chosen, choose] = useState(settings);
  const [standing, setStanding] = useState<Standing | null>(null);
  const [now, setNow] = useState(() => logbook.now());
  const [online, setOnline] = useState(navigator.onLine);
  const [reached, setReached] = useState(true);
  const [enrolling, setEnrolling] = useState(false);
  const [toast, setToast] = useState<{ text: string; undo: (() => void) | null; amiss: boolean } | null>(null);
  const fading = useRef(0);
  const route = useRoute();
  const lang: Lang = chosen.lang ?? phoneLanguage();
  const words = tables[lang];

  useEffect(() => {
    const load = () => {
      setReached(logbook.reachable());
      void logbook.standing().then(setStanding).catch(() => {});
    };
    load();
    return logbook.onChange(load);
  }, [logbook]);

  useEffect(() => {
    const tick = setInterval(() => setNow(logbook.now()), 15_000);
    const net = () => setOnline(navigator.onLine);
    const seen = () => document.visibilityState === "visible" && setNow(logbook.now());
    addEventListener("online", net);
    addEventListener("offline", net);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(tick);
      removeEventListener("online", net);
      removeEventListener("offline", net);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [logbook]);

  useEffect(() => {
    document.documentElement.lang = lang;
  }, [lang]);

  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      const theme = chosen.theme === "auto" ? (dark.matches ? "dark" : "light") : chosen.theme;
      document.documentElement.dataset["theme"] = theme;
    };
    apply();
    dark.addEventListener("change", apply);
    return () => dark.removeEventListener("change", apply);
  }, [chosen.theme]);

  useEffect(() => {
    // Text at twice its size on a phone leaves no room for a dock that stays.
    const measure = () => {
      const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
      document.documentElement.classList.toggle("roomy", innerHeight / size < 34);
    };
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);

  const show = useCallback((text: string, undo: (() => void) | null = null, amiss = false) => {
    clearTimeout(fading.current);
    setToast({ text, undo, amiss });
    fading.current = window.setTimeout(() => setToast(null), undoFor);
  }, []);

  /* By its code; what has none was foreseen by nobody, and is shown as it is. */
  const explain = useCallback(
    async (trouble: unknown): Promise<string> => {
      const { code, field, detail } = untaken(trouble);
      if (code === "phone_full") return words.toast.full;
      if (code === "full_photo") return words.toast.fullPhoto;
      if (code === "no_answer") return words.toast.unreached;
      const name = field ? words.field[field] : undefined;
      if (name) return words.toast.doesNotFit(name);
      const meant = code ? (await logbook.sentence(code).catch(() => null))?.[lang] : null;
      return words.toast.trouble(meant || detail);
    },
    [logbook, words, lang],
  );

  const log = useCallback(
    async (act: Act, word?: string): Promise<Captured | null> => {
      try {
        const captured = await logbook.capture(act);
        dropDrafts();
        if (chosen.vibrate) navigator.vibrate?.(20);
        setNow(logbook.now());
        const undo = () => {
          void logbook.undo(captured.no).then(() => show(words.toast.undone));
        };
        show(word ?? words.toast.saved, captured.undo ? undo : null);
        return captured;
      } catch (trouble) {
        if (chosen.vibrate) navigator.vibrate?.([60, 40, 60]);
        show(await explain(trouble), null, true);
        return null;
      }
    },
    [logbook, words, explain, chosen.vibrate],
  );

  const owner = standing?.is === "ready" ? standing.owner : null;
  const desk: Desk = useMemo(
    () => ({
      logbook,
      words,
      lang,
      now,
      online: online && reached,
      owner,
      log,
      say: (text) => show(text),
      explain,
      settings: chosen,
      set: (change) => {
        const settled = { ...chosen, ...change };
        choose(settled);
        keep(settled);
      },
    }),
    [logbook, words, lang, now, online, reached, owner, log, explain, chosen],
  );

  useEffect(() => {
    if (standing && standing.is !== "ready") forgetViews();
    if (standing?.is === "unenrolled") setEnrolling(true);
  }, [standing]);

  if (!standing) return null;
  return (
    <DeskContext.Provider value={desk}>
      {standing.is === "ready" && !enrolling && <OverdueBar here={route[0] ?? "today"} />}
      <UpdateBar calm={route[0] !== "visit"} />
      {standing.is === "ready" && !enrolling ? (
        <div key={route.join("/")}>{screenOf(route)}</div>
      ) : standing.is === "ready" || standing.is === "unenrolled" || standing.is === "storage_refused" ? (
        <Enrol refused={standing.is === "storage_refused" ? standing.why : null} onDone={() => setEnrolling(false)} />
      ) : (
        <Stopped standing={standing} />
      )}
      <div aria-live="polite">
        {toast && (
          <div class={route.at(-1) === "sign" ? "toast high" : "toast"}>
            <Icon name={toast.amiss ? "alert-triangle" : "check"} size="small" />
            <span>{toast.text}</span>
            {toast.undo && (
              <button
                type="button"
                onClick={() => {
                  toast.undo?.();
                  setToast(null);
                }}
              >
                {words.undo}
              </button>
            )}
          </div>
        )}
      </div>
    </DeskContext.Provider>
  );
}
