/* Draws the app over a logbook. */

import { render } from "preact";
import type { Logbook } from "../logbook/logbook";
import { App } from "./app";
import { keepSettings, readSettings } from "./settings";

export function begin(logbook: Logbook): void {
  const root = document.getElementById("app");
  if (root) render(<App logbook={logbook} settings={readSettings()} keep={keepSettings} />, root);
}
