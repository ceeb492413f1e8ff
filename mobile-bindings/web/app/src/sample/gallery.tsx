/* The gallery: the app on the sample logbook. ?lang=en&theme=dark&scene=empty#/sync shows any screen in any dress. */

import "../style";
import { render } from "preact";
import { App } from "../shell/app";
import type { Lang } from "../logbook/views";
import type { Settings } from "../shell/desk";
import { sample, type Scene } from "./sample";

const wanted = new URLSearchParams(location.search);
const lang = (wanted.get("lang") ?? "zh-CN") as Lang;
const settings: Settings = { lang, theme: (wanted.get("theme") ?? "light") as Settings["theme"], vibrate: false };
const root = document.getElementById("app");
if (root) render(<App logbook={sample(lang, (wanted.get("scene") ?? "day") as Scene)} settings={settings} keep={() => {}} />, root);
