import { QueryClient } from "@tanstack/react-query";

import { Problem } from "@/shared/api/problem";

export function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // A refusal stays a refusal; only a server that did not answer is asked again.
        retry: (failures, error) =>
          failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4000),
      },
      // The client repeats an unanswered change under the same Idempotency-Key when asked to.
      mutations: { retry: false },
    },
  });
}
