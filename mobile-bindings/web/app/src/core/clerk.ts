/* The page's side of the worker: asks, waits for answers, begins a new worker when the core has come down. */

import type { Ask, Letter } from "./letters";

export type State = { is: "opening" | "open" | "elsewhere" } | { is: "unopened"; why: string };

type Waiting = { done: (value: unknown) => void; failed: (trouble: Error) => void };

const most = 3;

export class Clerk {
  state: State = { is: "opening" };
  private worker: Worker | null = null;
  private waiting = new Map<number, Waiting>();
  private held: Ask[] = [];
  private id = 0;
  private falls = 0;
  private settled: ((state: State) => void)[] = [];

  constructor(private readonly told: () => void) {}

  begin(wait = false): void {
    this.worker?.terminate();
    this.state = { is: "opening" };
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: wait ? "wait" : "logbook" });
    this.worker.onmessage = ({ data }: MessageEvent<Letter>) => this.read(data);
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
      case "down":
        for (const id of [...this.waiting.keys()]) this.fail(id, letter.why);
        this.falls += 1;
        // A page that brings the core down is marked by then; the next opening shows it as damaged.
        if (this.falls <= most) this.begin(true);
        else this.settle({ is: "unopened", why: letter.why });
    }
  }

  private fail(id: number, why: string): void {
    this.waiting.get(id)?.failed(new Error(why));
    this.waiting.delete(id);
  }

  private settle(state: State): void {
    this.state = state;
    if (state.is !== "open") for (const ask of this.held.splice(0)) this.fail(ask.id, state.is);
    for (const done of this.settled.splice(0)) done(state);
    this.told();
  }
}
