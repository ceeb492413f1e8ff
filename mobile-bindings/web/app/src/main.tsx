/* The app: styles, the logbook, the screens; then the service worker that makes the next start need no network. */

import "./style";
import { render } from "preact";
import { App } from "./shell/app";
import { coreLogbook } from "./core/core-logbook";
import { keepSettings, readSettings } from "./shell/settings";
import { watchForUpdates } from "./shell/offline";

const root = document.getElementById("app");
if (root) render(<App logbook={coreLogbook()} settings={readSettings()} keep={keepSettings} />, root);
void watchForUpdates();
