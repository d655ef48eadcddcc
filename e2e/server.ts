import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = path.resolve(import.meta.dirname, "..");
const alawael = path.join(root, ".venv/bin/alawael");

/** The program as people start it, with its worker, on an installation that nobody has set up yet. */
export default async function start() {
  // E2E_URL names an installation that runs already.
  if (process.env.E2E_URL) return undefined;
  const folder = await mkdtemp(path.join(tmpdir(), "alawael-e2e-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = { ...bare(), ALAWAEL_ENV: "test", DATA_DIR: folder, PORT: String(port) };
  if (process.env.COMPANY === "demo") playDemo(env);
  const server = spawn(alawael, ["run"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that the worker ends with it.
    detached: true,
  });
  let said = "";
  for (const stream of [server.stdout, server.stderr])
    stream.on("data", (text: Buffer) => {
      said = (said + text.toString()).slice(-20_000);
    });
  const stop = async () => {
    await end(server);
    await rm(folder, { recursive: true, force: true });
  };
  // An interrupted run leaves nobody behind either.
  process.once("exit", () => signal(server, "SIGKILL"));
  if (!(await answers(`${url}/api/health`, server))) {
    await stop();
    throw new Error(`The server did not start.\n${said}`);
  }
  process.env.E2E_URL = url;
  return stop;
}

/** A year of documents, whose administrator the tests sign in as. */
function playDemo(env: NodeJS.ProcessEnv) {
  const said = execFileSync(alawael, ["demo"], { cwd: root, env, encoding: "utf8" });
  const [, email, password] = /Sign in as (\S+) with the password (\S+)/.exec(said) ?? [];
  if (!email || !password) throw new Error(`The demo names no administrator.\n${said}`);
  Object.assign(process.env, { E2E_EMAIL: email, E2E_PASSWORD: password });
}

/** Only what programs need anywhere: the tests must not meet somebody's database or keys. */
function bare() {
  const needed = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ"];
  return Object.fromEntries(needed.map((name) => [name, process.env[name]]));
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}

async function answers(url: string, server: ChildProcess) {
  const until = Date.now() + 90_000;
  while (Date.now() < until && server.exitCode === null && server.pid) {
    if (
      await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return true;
    await sleep(250);
  }
  return false;
}

async function end(server: ChildProcess) {
  if (!server.pid || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  signal(server, "SIGTERM");
  const late = setTimeout(() => signal(server, "SIGKILL"), 20_000);
  await ended;
  clearTimeout(late);
}

function signal(server: ChildProcess, name: NodeJS.Signals) {
  try {
    if (server.pid) process.kill(-server.pid, name);
  } catch {
    // It has ended already.
  }
}
