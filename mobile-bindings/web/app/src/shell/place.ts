/* Where the phone is, if it says so soon enough. Nothing waits for it. */

import type { Place } from "../logbook/views";

const patience = 30_000;

export function whereNow(): Promise<Place | null> {
  if (!("geolocation" in navigator)) return Promise.resolve(null);
  return new Promise((found) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        found({
          lat_e7: Math.round(coords.latitude * 1e7),
          lng_e7: Math.round(coords.longitude * 1e7),
          accuracy_m: Math.max(1, Math.round(coords.accuracy)),
          mock: false,
        }),
      () => found(null),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 60_000 },
    );
  });
}
