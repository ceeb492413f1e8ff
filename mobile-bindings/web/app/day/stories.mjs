// Each story in a house of its own: node day/stories.mjs [part of a name]. Exits with 1 where one doesn't hold.
import { readdirSync } from "node:fs";
import { tell } from "./house.mjs";

const [only = ""] = process.argv.slice(2);
let held = true;
for (const name of readdirSync(new URL("./stories/", import.meta.url)).sort()) {
  if (!name.includes(only)) continue;
  const { title, story } = await import(`./stories/${name}`);
  held = (await tell(title, story)) && held;
}
process.exit(held ? 0 : 1);
