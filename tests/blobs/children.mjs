// Programs that a story started end with it, however it ends.
import { spawn } from "node:child_process";

const alive = new Set();

export function child(program, args, env, stdout) {
  const started = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", stdout, "inherit"] });
  alive.add(started);
  started.once("exit", () => alive.delete(started));
  return started;
}

process.on("exit", () => {
  for (const one of alive) one.kill("SIGKILL");
});
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(1));
