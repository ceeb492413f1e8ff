/* A little room that is held back while there is plenty, and given to text when there is none: what a browser says of
 * the room that is left can't be relied on, what it does can. */

const name = "outpost-ballast";
const size = 4 * 1024 * 1024;

/** What a worker may do with a file of its origin's own. */
interface OwnFile {
  getSize(): number;
  truncate(size: number): void;
  flush(): void;
}
type Openable = { createSyncAccessHandle(): Promise<OwnFile> };

export class Ballast {
  private constructor(private readonly file: OwnFile | null) {}

  /** Takes the room where it can be had; a phone without any goes without. */
  static async lay(): Promise<Ballast> {
    try {
      const root = await navigator.storage.getDirectory();
      const handle: unknown = await root.getFileHandle(name, { create: true });
      const file = await (handle as Openable).createSyncAccessHandle();
      const ballast = new Ballast(file);
      ballast.refill();
      return ballast;
    } catch {
      return new Ballast(null);
    }
  }

  /** Whether the room is held, so that something is left to give. */
  get held(): boolean {
    return this.file !== null && this.file.getSize() >= size;
  }

  refill(): void {
    if (!this.file || this.held) return;
    try {
      this.file.truncate(size);
      this.file.flush();
    } catch {
      this.file.truncate(0);
    }
  }

  give(): void {
    this.file?.truncate(0);
    this.file?.flush();
  }
}
