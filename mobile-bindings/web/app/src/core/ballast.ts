/* A little room that is held back while there is plenty, and given to text when there is none: what a browser says of
 * the room that is left can't be relied on, what it does can. */

const name = "outpost-ballast";
const size = 4 * 1024 * 1024;

/** What a worker may do with a file of its origin's own. */
interface OwnFile {
  getSize(): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}
type Openable = { createSyncAccessHandle(): Promise<OwnFile> };

export class Ballast {
  private file: OwnFile | null = null;

  /** Whether the room is held, so that something is left to give. */
  get held(): boolean {
    return this.file !== null;
  }

  /** Takes the room where it can be had; a phone without any goes without. */
  async lay(): Promise<void> {
    if (this.file) return;
    let file: OwnFile | null = null;
    try {
      const root = await navigator.storage.getDirectory();
      const handle: unknown = await root.getFileHandle(name, { create: true });
      file = await (handle as Openable).createSyncAccessHandle();
      if (file.getSize() < size) file.truncate(size);
      file.flush();
      this.file = file;
    } catch {
      file?.close();
    }
  }

  /** The browser counts a file's room until the file is closed. */
  give(): void {
    this.file?.truncate(0);
    this.file?.flush();
    this.file?.close();
    this.file = null;
  }
}
