import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Payment = Schemas["PaymentOut"];
export type PaymentRow = Schemas["PaymentRow"];
export type PaymentIn = Schemas["PaymentIn"];
export type Allocation = Schemas["AllocationOut"];
export type Proposal = Schemas["ProposalOut"];
export type Kind = Schemas["PaymentKind"];
export type Side = Schemas["PaymentSide"];
export type Method = Schemas["PaymentMethod"];
export type Statement = Schemas["BankStatementOut"];
export type StatementRow = Schemas["BankStatementRow"];
export type BankLine = Schemas["BankLineOut"];
export type MatchProposal = Schemas["MatchProposalOut"];
export type ChargeIn = Pick<Schemas["ChargeIn"], "kind" | "has_vat">;
export type Party = Schemas["PartyOut"];

const everything = ["payments"] as const;
const everyStatement = [...everything, "statements"] as const;

// Payments

export const payments = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/payments", { params: { query }, signal })),
  });

export const payment = (id: string) =>
  queryOptions({
    queryKey: [...everything, "one", id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/payments/{payment_id}", { params: { path: { payment_id: id } }, signal }),
      ),
  });

/** Where money lies: bank and cash accounts. */
export const moneyAccounts = () =>
  queryOptions({
    queryKey: [...everything, "accounts"],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) => ask(client.GET("/api/payments/accounts", { signal })),
  });

export type Question = {
  party_id: string;
  kind: Kind;
  side: Side;
  amount: string;
  currency: string;
};

/** The open documents of a party, and how the server would spread an amount over them. */
export const suggestion = (query: Question) =>
  queryOptions({
    queryKey: [...everything, "suggestion", query],
    retry: false,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/payments/suggestion", { params: { query }, signal })),
  });

export const paymentsOf = (documentId: string) =>
  queryOptions({
    queryKey: [...everything, "of", documentId],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/payments/of-document/{document_id}", {
          params: { path: { document_id: documentId } },
          signal,
        }),
      ),
  });

/** What a payment has written in the books. */
export const entriesOf = (of: Payment) =>
  queryOptions({
    queryKey: ["ledger", "of-payment", of.id, of.version],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/journal-entries", {
          params: { query: { source_id: of.id, limit: 50, sort: "number" } },
          signal,
        }),
      ),
  });

/** The document that somebody wants to record a payment for: an invoice, or else a bill. */
export type Payable = {
  id: string;
  party_id: string;
  kind: Kind;
  side: Side;
  currency: string;
  open_amount: string;
};

/** `first` is what it most likely is: a link from a bill knows, an address typed by hand does not. */
export const payable = (documentId: string, first: "invoice" | "bill" = "invoice") =>
  queryOptions({
    queryKey: [...everything, "payable", documentId],
    retry: false,
    queryFn: async ({ signal }): Promise<Payable> => {
      const isBill = first === "bill";
      const [likely, other] = [
        isBill ? billAsked : invoiceAsked,
        isBill ? invoiceAsked : billAsked,
      ];
      try {
        return await likely(documentId, signal);
      } catch (error) {
        if (![403, 404].includes(asProblem(error).status)) throw error;
      }
      return await other(documentId, signal);
    },
  });

async function invoiceAsked(id: string, signal: AbortSignal): Promise<Payable> {
  const invoice = await ask(
    client.GET("/api/invoices/{invoice_id}", { params: { path: { invoice_id: id } }, signal }),
  );
  return {
    ...asked(invoice),
    party_id: invoice.customer_id,
    kind: invoice.kind === "credit_note" ? "payment" : "receipt",
    side: "customer",
  };
}

async function billAsked(id: string, signal: AbortSignal): Promise<Payable> {
  const bill = await ask(
    client.GET("/api/bills/{bill_id}", { params: { path: { bill_id: id } }, signal }),
  );
  return {
    ...asked(bill),
    party_id: bill.supplier_id,
    kind: bill.kind === "bill" ? "payment" : "receipt",
    side: "supplier",
  };
}

const asked = (of: { id: string; currency: string; open_amount: string }) => ({
  id: of.id,
  currency: of.currency,
  open_amount: of.open_amount,
});

/** Money moved: whatever hangs on it is asked again, but not what was answered just now. */
function useMoved() {
  const cache = useQueryClient();
  return (kept: readonly unknown[] = []) => {
    for (const queryKey of [
      everything,
      ["invoicing"],
      ["ledger"],
      ["bills"],
      ["sales"],
      ["purchasing"],
      ["parties"],
      ["analytics"],
    ])
      void cache.invalidateQueries({
        queryKey,
        predicate: (query) => JSON.stringify(query.queryKey) !== JSON.stringify(kept),
      });
  };
}

/** Keep a payment as a command left it. */
export function useKeepPayment() {
  const cache = useQueryClient();
  const moved = useMoved();
  return (answer: unknown) => {
    const kept = answer as Payment;
    const { queryKey } = payment(kept.id);
    cache.setQueryData(queryKey, kept);
    moved(queryKey);
    return kept;
  };
}

type Draft = { id: string; version: number };

/** Write a draft down, or what was changed in it. */
export function useSavePayment() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, body }: { of: Draft | null; body: PaymentIn }) =>
      of
        ? ask(
            client.PATCH("/api/payments/{payment_id}", {
              params: { path: { payment_id: of.id } },
              ...ifMatch(of),
              body: {
                party_id: body.party_id,
                method: body.method,
                account_id: body.account_id,
                amount: body.amount,
                paid_on: body.paid_on,
                currency: body.currency ?? null,
                exchange_rate: body.exchange_rate ?? null,
                reference: body.reference ?? "",
                notes: body.notes ?? "",
              },
            }),
          )
        : ask(client.POST("/api/payments", { body })),
    onSuccess: (saved) => {
      cache.setQueryData(payment(saved.id).queryKey, saved);
      void cache.invalidateQueries({ queryKey: [...everything, "list"] });
    },
  });
}

// Bank statements

export const statements = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyStatement, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/bank-statements", { params: { query }, signal })),
  });

export const statement = (id: string) =>
  queryOptions({
    queryKey: [...everyStatement, id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/bank-statements/{statement_id}", {
          params: { path: { statement_id: id } },
          signal,
        }),
      ),
  });

export const matchProposals = (lineId: string) =>
  queryOptions({
    queryKey: [...everything, "proposals", lineId],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/bank-lines/{line_id}/proposals", {
          params: { path: { line_id: lineId } },
          signal,
        }),
      ),
  });

/** What a column of a CSV file may hold; what is left out is found by its usual headings. */
export const columnNames = [
  "date",
  "amount",
  "debit",
  "credit",
  "reference",
  "text",
  "counterparty",
  "iban",
] as const;
export type Columns = Partial<Record<(typeof columnNames)[number] | "day_format", string>>;

export type Upload = {
  file: File;
  account_id: string;
  format: Schemas["StatementFormat"] | null;
  columns: Columns | null;
};

export function useUploadStatement() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ file, account_id, format, columns }: Upload) =>
      ask(
        client.POST("/api/bank-statements", {
          // The generated type of a file is text; what travels is the form below.
          body: { file: "", account_id },
          bodySerializer: () => {
            const form = new FormData();
            form.append("file", file, file.name);
            form.append("account_id", account_id);
            if (format) form.append("format", format);
            if (columns) form.append("columns", JSON.stringify(columns));
            return form;
          },
          // Given here, so that the client need not read the whole file to make one.
          headers: { "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-") },
        }),
      ),
    onSuccess: ({ statement: taken }) => {
      cache.setQueryData(statement(taken.id).queryKey, taken);
      void cache.invalidateQueries({ queryKey: [...everyStatement, "list"] });
    },
  });
}

/** Whether the books have what the line tells of: a payment, or a fee or interest. */
export const isMatched = (line: BankLine) => line.payment_id !== null || line.charge !== null;

/** Keep a line as a command left it; its statement has one match more or less. */
export function useKeepLine(statementId: string) {
  const cache = useQueryClient();
  const moved = useMoved();
  const { queryKey } = statement(statementId);
  return (answer: BankLine) => {
    cache.setQueryData(queryKey, (of) => {
      if (!of) return of;
      const lines = of.lines.map((one) => (one.id === answer.id ? answer : one));
      return { ...of, lines, matched: lines.filter(isMatched).length };
    });
    moved(queryKey);
  };
}

export function useMatchLine() {
  return useMutation({
    mutationFn: ({ line, paymentId }: { line: BankLine; paymentId: string }) =>
      ask(
        client.POST("/api/bank-lines/{line_id}/match", {
          params: { path: { line_id: line.id } },
          ...ifMatch(line),
          body: { payment_id: paymentId },
        }),
      ),
  });
}

export function useUnmatchLine() {
  return useMutation({
    mutationFn: (line: BankLine) =>
      ask(
        client.POST("/api/bank-lines/{line_id}/unmatch", {
          params: { path: { line_id: line.id } },
          ...ifMatch(line),
        }),
      ),
  });
}

/** Book a line of no party as what the bank took or gave by itself. */
export function useChargeLine() {
  return useMutation({
    mutationFn: ({ line, as }: { line: BankLine; as: ChargeIn }) =>
      ask(
        client.POST("/api/bank-lines/{line_id}/charge", {
          params: { path: { line_id: line.id } },
          ...ifMatch(line),
          body: { ...as, exchange_rate: "1" },
        }),
      ),
  });
}

export function useTakeBackCharge() {
  return useMutation({
    mutationFn: (line: BankLine) =>
      ask(
        client.POST("/api/bank-lines/{line_id}/take-back-charge", {
          params: { path: { line_id: line.id } },
          ...ifMatch(line),
        }),
      ),
  });
}

/** After a command whose answer is another record: everything about money is asked again. */
export function useForgetMoney() {
  const moved = useMoved();
  return () => {
    moved();
  };
}

// Parties

export const party = (id: string) =>
  queryOptions({
    queryKey: ["parties", id],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/parties/{party_id}", { params: { path: { party_id: id } }, signal })),
  });

/** Customers or suppliers; both where no role is asked for. */
export const findParties = (side: Side | null) => (text: string) =>
  queryOptions({
    queryKey: ["parties", "payers", side, text],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/parties", {
          params: {
            query: {
              is_active: true,
              limit: 20,
              ...(side && { [`is_${side}`]: true }),
              ...(text && { q: text }),
            },
          },
          signal,
        }),
      ),
  });
