/* For the customer's eyes: what is signed, the rating, the name, the glass, Confirm. Nothing of the engineer's own.
 * Confirm is never dim: tapped too early it says what is missing and goes there. What changes before it clears the
 * ink and says so, for a signature pins what the glass showed. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Asks, Button, Choices, Field, Slab } from "../design/controls";
import { Sheet } from "../design/sheet";
import { useDraft } from "../shell/draft";
import { Screen } from "../shell/frame";
import { useDesk, useView } from "../shell/desk";
import { swap } from "../shell/route";
import { Covered } from "./covered";
import { isInk, paths, type Stroke } from "./ink";
import { Pad } from "./pad";

type Missing = "score" | "name" | "ink" | null;
const scores = ["1", "2", "3", "4", "5"] as const;

export function SignatureScreen({ page }: { page: string }) {
  const { words, log, lang } = useDesk();
  const glass = useView(`glass ${page} ${lang}`, (logbook) => logbook.glass(page, lang));
  const [all, setAll] = useState(false);
  const [score, setScore] = useState<(typeof scores)[number] | null>(null);
  const [name, setName] = useDraft("name");
  const [comment, setComment] = useDraft("comment");
  const [strokes, setStrokes] = useState<Stroke[]>([]);
  const [typed, setTyped] = useState<string | null>(null);
  const [missing, setMissing] = useState<Missing>(null);
  const [open, setOpen] = useState<"sure" | "decline" | null>(null);
  const [changed, setChanged] = useState(false);
  const shown = useRef<string | null>(null);
  const spots = { score: useRef<HTMLDivElement>(null), name: useRef<HTMLDivElement>(null), ink: useRef<HTMLDivElement>(null) };

  useEffect(() => {
    if (!glass) return;
    if (shown.current !== null && shown.current !== glass.digest && strokes.length > 0) {
      setStrokes([]);
      setChanged(true);
    }
    shown.current = glass.digest;
  }, [glass?.digest]);

  if (!glass) return null;
  const confirm = () => {
    const lacks: Missing = score === null ? "score" : !name.trim() ? "name" : typed === null && !isInk(strokes) ? "ink" : null;
    setMissing(lacks);
    if (!lacks) return setOpen("sure");
    const spot = spots[lacks].current;
    spot?.scrollIntoView({ block: "center" });
    spot?.querySelector<HTMLElement>("input, button")?.focus({ preventScroll: true });
  };
  const sign = async () => {
    const signature = {
      name: name.trim(),
      strokes: typed === null ? paths(strokes) : "",
      score: Number(score),
      comment: comment.trim(),
      lang,
      typed,
      digest: glass.digest,
    };
    setOpen(null);
    if (await log({ act: "sign", visit: page, signature }, words.sign.proofTitle)) swap("visit", page, "proof");
  };
  return (
    <Screen
      title={words.sign.title}
      note={words.sign.sub(glass.day)}
      from="today"
      closes
      dock={<Slab icon="signature" title={words.sign.confirm} note={words.sign.confirmSub(glass.covered)} onTap={confirm} />}
    >
      <Covered glass={glass} all={all} onAll={() => setAll(!all)} />
      <div ref={spots.score} class="rating">
        <Choices
          legend={`${words.sign.rate}${words.sign.must}`}
          value={score}
          onValue={setScore}
          options={scores.map((value, n) => ({ value, word: value, note: words.sign.score[n] }))}
          asks={missing === "score" && score === null ? words.sign.needScore : null}
        />
      </div>
      <div ref={spots.name}>
        <Field inline label={words.sign.signer} hint={words.sign.signerHint} value={name} onValue={setName} asks={missing === "name" && !name.trim() ? words.sign.needName : null} />
      </div>
      <div ref={spots.ink} class="stack">
        {typed === null ? (
          <Pad
            strokes={strokes}
            onStrokes={(drawn) => {
              setStrokes(drawn);
              setChanged(false);
            }}
          />
        ) : (
          <div class="card stack">
            <p class="typed-name">{name}</p>
            <p class="caption">{words.sign.typedMark}</p>
            <Choices legend={words.sign.typedReason} value={typed} onValue={setTyped} options={words.sign.typedReasons.map((word) => ({ value: word, word }))} />
          </div>
        )}
        <Asks text={changed ? words.sign.changed : missing === "ink" && typed === null && !isInk(strokes) ? words.sign.needInk : null} />
      </div>
      <Field label={words.sign.comment} hint={words.sign.commentHint} value={comment} onValue={setComment} />
      <div class="pair">
        <Button icon={typed === null ? "keyboard" : "signature"} onTap={() => setTyped(typed === null ? (words.sign.typedReasons[0] ?? "") : null)}>
          {typed === null ? words.sign.typed : words.sign.drawn}
        </Button>
        <Button onTap={() => setOpen("decline")}>{words.sign.decline}</Button>
      </div>
      {open === "sure" && (
        <Sheet title={words.sign.sure} note={words.sign.sureSub(name.trim(), glass.covered)} onClose={() => setOpen(null)}>
          <Slab icon="signature" title={words.sign.confirm} onTap={() => void sign()} />
          <Button look="quiet full" onTap={() => setOpen(null)}>
            {words.back}
          </Button>
        </Sheet>
      )}
      {open === "decline" && <Decline page={page} onClose={() => setOpen(null)} />}
    </Screen>
  );
}

function Decline({ page, onClose }: { page: string; onClose: () => void }) {
  const { words, log } = useDesk();
  const [reason, setReason] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const keep = async () => {
    if (reason === null) return setAsked(true);
    if (await log({ act: "unsigned", visit: page, reason }, words.story.unsigned)) swap("visit", page);
  };
  return (
    <Sheet title={words.sign.declineTitle} note={words.sign.declineSub} onClose={onClose}>
      <Choices
        legend={words.handBack.reason}
        layout="one"
        value={reason}
        onValue={setReason}
        options={words.sign.declineReasons.map((word) => ({ value: word, word }))}
        asks={asked && reason === null ? words.required : null}
      />
      <Button look="full" onTap={() => void keep()}>
        {words.sign.declineDo}
      </Button>
    </Sheet>
  );
}
