/* The service worker: everything is there before it is needed. A new version waits until somebody taps. */

import { updateReady } from "./update";

export async function watchForUpdates(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("./sw.js", { scope: "./" }).catch(() => null);
  if (!registration) return;
  let changing = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (changing) location.reload();
  });
  const offer = (waiting: ServiceWorker) => {
    const change = () => {
      changing = true;
      waiting.postMessage("take over");
    };
    dispatchEvent(new CustomEvent(updateReady, { detail: change }));
  };
  // Without a controller this is the first installation, and no update.
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
    });
  });
}
