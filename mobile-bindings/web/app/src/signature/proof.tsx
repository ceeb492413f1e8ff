/* After the signature: a code that the customer takes along, to check later that nothing was changed. */

import { renderSVG } from "uqr";
import { useMemo } from "preact/hooks";
import { Slab } from "../design/controls";
import { Chip } from "../design/chip";
import { Screen } from "../shell/frame";
import { useAlmanac, useDesk, useView } from "../shell/desk";
import { go } from "../shell/route";
import { moment } from "../words/almanac";

export function ProofScreen({ page }: { page: string }) {
  const { words } = useDesk();
  const almanac = useAlmanac();
  const proof = useView(`proof ${page}`, (logbook) => logbook.proof(page));
  if (!proof) return null;
  const { signed } = proof;
  return (
    <Screen
      title={words.sign.proofTitle}
      note={words.sign.proofSub}
      from="today"
      closes
      dock={<Slab icon="check" title={words.done} note={proof.countersigned ? words.sign.proofCountersigned : words.sign.proofKept} onTap={() => go("today")} />}
    >
      <Code text={proof.text} label={words.sign.proofHint} />
      <section class="card stack">
        <p class="name">
          {signed.name} · {signed.score} {words.sign.score[signed.score - 1]}
        </p>
        <p class="second">
          {proof.customer} · {proof.number} · {moment(signed.at, almanac)}
        </p>
        <p class="second">{words.sign.fingerprint(fingers(signed.digest), signed.covered)}</p>
        {proof.countersigned && <p class="second">{words.sign.countersigned}</p>}
        {signed.typed && <p class="second">{words.sign.typedMark}</p>}
        {signed.amended && <Chip mark="amended" />}
        <p class="caption">{words.sign.proofHint}</p>
      </section>
    </Screen>
  );
}

/** The first eight digits, in fours: enough to compare by eye. */
export const fingers = (digest: string): string => `${digest.slice(0, 4)} ${digest.slice(4, 8)}`.toUpperCase();

export function Code({ text, label }: { text: string; label: string }) {
  const src = useMemo(() => `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: 2, ecc: "M" }))}`, [text]);
  return <img class="code" src={src} alt={label} />;
}
