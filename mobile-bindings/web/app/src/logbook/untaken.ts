/* What wasn't taken, and why: a stable code whose sentence the core knows, the field to be corrected, and what exactly. */

export class Untaken extends Error {
  constructor(
    readonly code: string,
    readonly field: string | null,
    readonly detail: string,
  ) {
    super(`${code}${field ? ` ${field}` : ""}: ${detail}`);
  }
}

/** Takes apart the line that the core writes; anything else that failed has no code. */
export function untaken(trouble: unknown): Untaken {
  if (trouble instanceof Untaken) return trouble;
  const line = trouble instanceof Error ? trouble.message : String(trouble);
  const [, code, field, detail] = /^([a-z]+(?:_[a-z]+)*) (-|[a-z0-9_]+) ([^]*)$/.exec(line) ?? [];
  return code && field ? new Untaken(code, field === "-" ? null : field, detail ?? "") : new Untaken("", null, line);
}
