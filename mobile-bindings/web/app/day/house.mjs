// A story's house: a relay, a line to it, and phones. Says what holds; leaves pictures in shots/day, of trouble too.
import { mkdirSync } from "node:fs";
import { line } from "./line.mjs";
import { phone } from "./phone.mjs";
import { relay } from "./relay.mjs";

/* Each line that begins with `ok` or `NOT` counts as a test, for whoever counts them. */
export function holds(ok, what) {
  if (!ok) throw new Error(what);
  console.log(`ok   ${what}`);
}

/** Tells a story in a house of its own; whether it held. */
export async function tell(title, story, site) {
  console.log(title);
  mkdirSync("shots/day", { recursive: true });
  const company = await relay(site);
  const wire = await line(company.port);
  const phones = [];
  /** A phone, enrolled for that person unless it comes with a profile that is. */
  const hand = async (user, profile, some) => {
    const one = await phone(wire.origin, profile, some);
    phones.push(one);
    if (user && !profile) await one.enrol(company.code(user, wire.origin));
    return one;
  };
  try {
    await story({ company, wire, hand, phones });
    const strangers = phones.flatMap((one) => [...one.strangers]);
    holds(strangers.length === 0, `no request anywhere else, nothing against the policy ${strangers.join(" ")}`);
    return true;
  } catch (trouble) {
    console.log(`NOT  ${title}: ${String(trouble.message ?? trouble).split("\n")[0]}`);
    console.error(trouble);
    for (const [n, one] of phones.entries()) {
      await one.shot(`trouble-${n}`).catch(() => {});
      console.error(await one.page.locator("body").innerText().catch(() => ""));
    }
    return false;
  } finally {
    for (const one of phones) await one.close().catch(() => {});
    wire.end();
    company.end();
  }
}
