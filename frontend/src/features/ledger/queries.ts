import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { download } from "@/shared/api/download";
import { type Span } from "@/shared/format/spans";
import { fold } from "@/shared/i18n/fold";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Account = Schemas["AccountOut"];
export type AccountNode = Schemas["AccountNode"];
export type AccountIn = Schemas["AccountIn"];
export type AccountChange = Schemas["AccountChange"];
export type AccountRole = Schemas["AccountRoleOut"];
export type Period = Schemas["PeriodOut"];
export type Entry = Schemas["JournalEntryOut"];
export type EntryRow = Schemas["JournalEntryRow"];
export type EntryIn = Schemas["JournalEntryIn"];

const everything = ["ledger"] as const;
const everyAccount = [...everything, "accounts"] as const;
const everyPeriod = [...everything, "periods"] as const;
const everyEntry = [...everything, "entries"] as const;
const everyReport = [...everything, "reports"] as const;

// Chart of accounts

export const accountTree = () =>
  queryOptions({
    queryKey: [...everyAccount, "tree"],
    staleTime: 60_000,
    queryFn: ({ signal }) => ask(client.GET("/api/accounts/tree", { signal })),
  });

/** The tree as it is read: each group, then what it contains. */
export function flat(nodes: AccountNode[], level = 0): (AccountNode & { level: number })[] {
  return nodes.flatMap((node) => [{ ...node, level }, ...flat(node.children ?? [], level + 1)]);
}

/** Accounts that lines may name, found among the chart that is read once. */
export const findAccounts = (text: string) =>
  queryOptions({
    queryKey: [...everyAccount, "named", text],
    staleTime: 60_000,
    queryFn: async ({ client: cache }) => {
      const words = fold(text).split(" ");
      const found = flat(await cache.query(accountTree())).filter(
        (one) =>
          one.is_active &&
          !one.is_group &&
          words.every((word) => fold(`${one.code} ${one.name_en} ${one.name_ar}`).includes(word)),
      );
      // A code that begins with what was typed is what people mean.
      found.sort((a, b) => Number(b.code.startsWith(text)) - Number(a.code.startsWith(text)));
      return { items: found.slice(0, 50) };
    },
  });

function useChartChange<Asked, Answer>(mutationFn: (asked: Asked) => Promise<Answer>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => cache.invalidateQueries({ queryKey: everything }),
  });
}

export const useSaveAccount = () =>
  useChartChange(({ of, values }: { of: Account | null; values: AccountIn | AccountChange }) =>
    of
      ? ask(
          client.PATCH("/api/accounts/{account_id}", {
            params: { path: { account_id: of.id } },
            ...ifMatch(of),
            body: values,
          }),
        )
      : ask(client.POST("/api/accounts", { body: values as AccountIn })),
  );

export const useDeactivateAccount = () =>
  useChartChange((of: Account) =>
    ask(
      client.DELETE("/api/accounts/{account_id}", {
        params: { path: { account_id: of.id } },
        ...ifMatch(of),
      }),
    ),
  );

export const accountRoles = () =>
  queryOptions({
    queryKey: [...everyAccount, "roles"],
    queryFn: ({ signal }) => ask(client.GET("/api/account-roles", { signal })),
  });

export const useAssignRole = () =>
  useChartChange(({ of, accountId }: { of: AccountRole; accountId: string }) =>
    ask(
      client.PUT("/api/account-roles/{role}", {
        params: { path: { role: of.role } },
        ...(typeof of.version === "number" && ifMatch({ version: of.version })),
        body: { account_id: accountId },
      }),
    ),
  );

// Periods

export const periods = () =>
  queryOptions({
    queryKey: [...everyPeriod, "all"],
    queryFn: async ({ signal }) => {
      const rows: Period[] = [];
      let after: string | undefined;
      do {
        const page = await ask(
          client.GET("/api/periods", {
            params: { query: { limit: 200, ...(after && { after }) } },
            signal,
          }),
        );
        rows.push(...page.items);
        after = page.next ?? undefined;
      } while (after !== undefined);
      return rows;
    },
  });

export type PeriodVerb = "close" | "reopen" | "lock";

export function useMovePeriod() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, verb }: { of: Period; verb: PeriodVerb }) => {
      const asked = { params: { path: { period_id: of.id } }, ...ifMatch(of) };
      if (verb === "close") return ask(client.POST("/api/periods/{period_id}/close", asked));
      if (verb === "reopen") return ask(client.POST("/api/periods/{period_id}/reopen", asked));
      return ask(client.POST("/api/periods/{period_id}/lock", asked));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: everyPeriod }),
  });
}

export function useOpenYear() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["FiscalYearIn"]) => ask(client.POST("/api/fiscal-years", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: everyPeriod }),
  });
}

// Journal

export const entries = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyEntry, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/journal-entries", { params: { query }, signal })),
  });

/** By id, or by the number that stands in reports. */
export const entry = (idOrNumber: string) =>
  queryOptions({
    queryKey: [...everyEntry, idOrNumber],
    queryFn: ({ signal }) =>
      /^\d+$/.test(idOrNumber)
        ? ask(
            client.GET("/api/journal-entries/by-number/{number}", {
              params: { path: { number: Number(idOrNumber) } },
              signal,
            }),
          )
        : ask(
            client.GET("/api/journal-entries/{entry_id}", {
              params: { path: { entry_id: idOrNumber } },
              signal,
            }),
          ),
  });

/** What the entry would be; nothing is written. */
export const entryPreview = (body: EntryIn) =>
  queryOptions({
    queryKey: ["ledger-preview", "entry", body],
    retry: false,
    staleTime: 0,
    gcTime: 0,
    queryFn: () =>
      ask(client.POST("/api/journal-entries", { params: { query: { dry_run: true } }, body })),
  });

export function usePostEntry() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: EntryIn) => ask(client.POST("/api/journal-entries", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: everything }),
  });
}

type Reversal = Schemas["ReversalIn"];

export const reversalPreview = (of: Entry, body: Reversal) =>
  queryOptions({
    queryKey: ["ledger-preview", of.id, "reversal", body.date],
    retry: false,
    staleTime: 0,
    gcTime: 0,
    queryFn: () =>
      ask(
        client.POST("/api/journal-entries/{entry_id}/reverse", {
          params: { path: { entry_id: of.id }, query: { dry_run: true } },
          body,
        }),
      ),
  });

export function useReverseEntry() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, body }: { of: Entry; body: Reversal }) =>
      ask(
        client.POST("/api/journal-entries/{entry_id}/reverse", {
          params: { path: { entry_id: of.id } },
          body,
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: everything }),
  });
}

// Parties, as far as lines name them

export const party = (id: string) =>
  queryOptions({
    queryKey: ["parties", id],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/parties/{party_id}", { params: { path: { party_id: id } }, signal })),
  });

export const findParties = (text: string) =>
  queryOptions({
    queryKey: ["parties", "named", text],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/parties", {
          params: { query: { is_active: true, limit: 20, ...(text && { q: text }) } },
          signal,
        }),
      ),
  });

// Reports

const csv = { format: "csv" } as const;

type TrialBalanceOf = Span & { include_zero?: boolean };

export const trialBalance = (query: TrialBalanceOf) =>
  queryOptions({
    queryKey: [...everyReport, "trial-balance", query],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/reports/trial-balance", { params: { query }, signal })),
  });

export const trialBalanceSheet = (query: TrialBalanceOf) =>
  download(
    client.GET("/api/reports/trial-balance", {
      params: { query: { ...query, ...csv } },
      parseAs: "blob",
    }),
    `trial-balance-${query.from}-${query.to}.csv`,
  );

type LedgerOf = Span & { account: string; party_id?: string; after?: string };

export const generalLedger = (query: LedgerOf) =>
  queryOptions({
    queryKey: [...everyReport, "general-ledger", query],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/reports/general-ledger", {
          params: { query: { ...query, limit: 100 } },
          signal,
        }),
      ),
  });

export const generalLedgerSheet = (query: LedgerOf) =>
  download(
    client.GET("/api/reports/general-ledger", {
      params: { query: { ...query, ...csv } },
      parseAs: "blob",
    }),
    `general-ledger-${query.account}-${query.from}-${query.to}.csv`,
  );

export const profitAndLoss = (query: Span) =>
  queryOptions({
    queryKey: [...everyReport, "profit-and-loss", query],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/reports/profit-and-loss", { params: { query }, signal })),
  });

export const profitAndLossSheet = (query: Span) =>
  download(
    client.GET("/api/reports/profit-and-loss", {
      params: { query: { ...query, ...csv } },
      parseAs: "blob",
    }),
    `profit-and-loss-${query.from}-${query.to}.csv`,
  );

export const balanceSheet = (on: string) =>
  queryOptions({
    queryKey: [...everyReport, "balance-sheet", on],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/reports/balance-sheet", { params: { query: { on } }, signal })),
  });

export const balanceSheetSheet = (on: string) =>
  download(
    client.GET("/api/reports/balance-sheet", {
      params: { query: { on, ...csv } },
      parseAs: "blob",
    }),
    `balance-sheet-${on}.csv`,
  );
