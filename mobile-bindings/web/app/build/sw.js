// Keeps every file of one version of the app, and answers from there: with or without a network the same.
const version = "%VERSION%";
const files = %FILES%;
const shelf = `outpost-${version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(shelf).then((cache) => cache.addAll(files.map((file) => new Request(file, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("outpost-") && name !== shelf) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const scope = new URL(self.registration.scope).pathname;
  if (request.method !== "GET" || !new URL(request.url).pathname.startsWith(scope)) return;
  event.respondWith(
    (async () => {
      const cache = await caches.open(shelf);
      const page = request.mode === "navigate" && !request.url.endsWith("too-old.html");
      const kept = await cache.match(page ? "./index.html" : request, { ignoreSearch: true });
      return kept ?? fetch(request);
    })(),
  );
});
