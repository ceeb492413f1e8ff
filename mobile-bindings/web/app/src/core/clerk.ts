/* The page's side of the worker: asks, waits for answers, begins a new worker when the core has come down. */

import { untaken } from "../logbook/untaken";
import type { Ask, Letter, Uploading } from "./letters";

export type State = { is: "opening" | "open" | "elsewhere" } | { is: "unopened"; why: string };

type Waiting = { done: (value: unknown) => void; failed: (trouble: Error) => void };

/* A core that comes down so often within so long isn't begun again by itself. */
const most = 3;
const within = 60_000;

const hire = (name: "logbook" | "wait" | "salvage"): Worker => new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name });

export class Clerk {
  state: State = { is: "opening" };
  private worker: Worker | null = null;
  private waiting = new Map<number, Waiting>();
  private held: Ask[] = [];
  private id = 0;
  private falls: number[] = [];
  /** The file that is on its way up. */
  uploading: Uploading | null = null;
  private settled: ((state: State) => void)[] = [];

  constructor(private readonly told: () => void) {}

  begin(wait = false): void {
    this.worker?.terminate();
    this.state = { is: "opening" };
    this.worker = hire(wait ? "wait" : "logbook");
    this.worker.onmessage = ({ data }: MessageEvent<Letter>) => this.read(data);
  }

  /** Begins anew, whatever happened before. */
  beginAgain(): void {
    this.falls = [];
    this.begin(true);
  }

  /** What can be read of a store that doesn't open, sealed to headquarters: by a worker that does nothing else. */
  salvage(): Promise<Uint8Array> {
    this.worker?.terminate();
    this.worker = null;
    const worker = hire("salvage");
    return new Promise<Uint8Array>((done, failed) => {
      worker.onmessage = ({ data }: MessageEvent<Letter>) => {
        if (data.is === "answer") done(data.value as Uint8Array);
        else failed(untaken("why" in data ? data.why : data.is));
      };
      worker.onerror = ({ message }) => failed(untaken(message));
    }).finally(() => worker.terminate());
  }

  /** Ends the worker: its lock and its files are free for another page. */
  end(): void {
    this.worker?.terminate();
    this.worker = null;
    this.settle({ is: "elsewhere" });
  }

  opened(): Promise<State> {
    return this.state.is === "opening" ? new Promise((done) => this.settled.push(done)) : Promise.resolve(this.state);
  }

  async ask<T>(method: string, ...args: unknown[]): Promise<T> {
    const ask = { id: ++this.id, method, args };
    return new Promise<T>((done, failed) => {
      this.waiting.set(ask.id, { done: done as (value: unknown) => void, failed });
      if (this.state.is === "open") this.worker?.postMessage(ask);
      else if (this.state.is === "opening") this.held.push(ask);
      else this.fail(ask.id, this.state.is);
    });
  }

  private read(letter: Letter): void {
    switch (letter.is) {
      case "open":
        this.settle({ is: "open" });
        for (const ask of this.held.splice(0)) this.worker?.postMessage(ask);
        return;
      case "elsewhere":
      case "unopened":
        return this.settle(letter);
      case "answer":
        this.waiting.get(letter.id)?.done(letter.value);
        this.waiting.delete(letter.id);
        return;
      case "trouble":
        return this.fail(letter.id, letter.why);
      case "uploading":
        this.uploading = letter.file;
        return this.told();
      case "down": {
        for (const id of [...this.waiting.keys()]) this.fail(id, letter.why);
        this.uploading = null;
        const now = Date.now();
        this.falls = [...this.falls.filter((fall) => now - fall < within), now];
        // A page that brings the core down is marked by then; after the second time it is shown as damaged.
        if (this.falls.length <= most) this.begin(true);
        else this.settle({ is: "unopened", why: letter.why });
      }
    }
  }

  private fail(id: number, why: string): void {
    this.waiting.get(id)?.failed(untaken(why));
    this.waiting.delete(id);
  }

  private settle(state: State): void {
    this.state = state;
    if (state.is !== "open") for (const ask of this.held.splice(0)) this.fail(ask.id, state.is);
    for (const done of this.settled.splice(0)) done(state);
    this.told();
  }
}
