import { gzipSync } from "node:zlib";

import { type Plugin } from "vite";

/** What a page may weigh before it shows, in KB of JavaScript as it is sent (gzip). */
const budgets: Record<string, number> = {
  // The router, the session and the language: what every page waits for.
  "index.html": 175,
  "src/features/accounts/sign-in.tsx": 205,
  "src/app/shell.tsx": 285,
};

type Chunk = { code: string; imports: string[]; facadeModuleId: string | null };

/** Fails the build when a page became heavier than its budget; says what it weighs. */
export function budget(): Plugin {
  return {
    name: "alawael-budget",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = new Map<string, Chunk>(
        Object.values(bundle).flatMap((one) => (one.type === "chunk" ? [[one.fileName, one]] : [])),
      );
      const start = Object.values(bundle).find((one) => one.type === "chunk" && one.isEntry);
      for (const [page, most] of Object.entries(budgets)) {
        const own = [...chunks].find(([, one]) => one.facadeModuleId?.endsWith(page))?.[0];
        if (!own || !start) this.error(`There is no ${page} any more (budget.ts).`);
        const weight = Math.round(weighed(chunks, [start.fileName, own]) / 1024);
        if (weight > most)
          this.error(`${page} needs ${weight} KB of JavaScript and may need ${most} (budget.ts).`);
        this.info(`${page}: ${weight} of ${most} KB`);
      }
    },
  };
}

/** These chunks and all that they cannot start without, compressed. */
function weighed(chunks: Map<string, Chunk>, files: string[], seen = new Set<string>()): number {
  return files.reduce((sum, file) => {
    const chunk = chunks.get(file);
    if (!chunk || seen.has(file)) return sum;
    seen.add(file);
    return sum + gzipSync(chunk.code).length + weighed(chunks, chunk.imports, seen);
  }, 0);
}
