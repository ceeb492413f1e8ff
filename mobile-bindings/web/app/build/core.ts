/* Which build of the core goes in: as it is shipped, or the one that is sooner made, for tests. */

import { fileURLToPath } from "node:url";

export const dev = process.env["OUTPOST_WEB_PROFILE"] === "dev";

export const resolve = { alias: { "outpost-core": fileURLToPath(new URL(`../../${dev ? "pkg-dev" : "pkg"}/outpost_web.js`, import.meta.url)) } };
