/* The start: the logbook first, whose worker opens the store while the screens are drawn; then the service worker that
 * makes the next start need no network. */

import "./style";
import { coreLogbook } from "./core/core-logbook";
import { begin } from "./shell/begin";
import { watchForUpdates } from "./shell/offline";

begin(coreLogbook());
void watchForUpdates();
