/* The phone's key pair: made once, kept by the browser, its private half never given out. */

const shelf = "outpost-key";

function open(): Promise<IDBDatabase> {
  return new Promise((opened, failed) => {
    const request = indexedDB.open(shelf, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("key");
    request.onsuccess = () => opened(request.result);
    request.onerror = () => failed(request.error);
  });
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

export interface Key {
  publicKey: Uint8Array;
  sign: (message: Uint8Array) => Promise<Uint8Array>;
}

export async function phoneKey(): Promise<Key> {
  const db = await open();
  const read = () => settled(db.transaction("key").objectStore("key").get("pair")) as Promise<CryptoKeyPair | undefined>;
  let pair = await read();
  if (!pair) {
    const made = (await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"])) as CryptoKeyPair;
    await settled(db.transaction("key", "readwrite", { durability: "strict" }).objectStore("key").add(made, "pair"));
    pair = (await read()) ?? made;
  }
  db.close();
  const { privateKey, publicKey } = pair;
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, privateKey, message as BufferSource)),
  };
}

/** The next phone that is enrolled in this browser is another one. */
export function forgetKey(): Promise<void> {
  return new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase(shelf);
    request.onsuccess = () => done();
    request.onerror = () => failed(request.error);
  });
}
