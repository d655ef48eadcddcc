import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";

export type BankAccount = Schemas["BankAccountOut"];
export type BankAccountIn = Required<Schemas["BankAccountIn"]>;
/** Whose accounts: a party's, by its id, or our own. */
export type Owner = string;

export const own = "company";

export const bankAccounts = (owner: Owner) =>
  queryOptions({
    queryKey: ["bank-accounts", owner],
    queryFn: ({ signal }) =>
      owner === own
        ? ask(client.GET("/api/company/bank-accounts", { signal }))
        : ask(
            client.GET("/api/parties/{party_id}/bank-accounts", {
              params: { path: { party_id: owner } },
              signal,
            }),
          ),
  });

/** What changes: a new account without `of`; without `values` it is taken out of use. */
export type Change = { of: BankAccount | null; values: BankAccountIn | null };

export function useChangeBankAccount(owner: Owner) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, values }: Change) => change(owner, of, values),
    // Its owner has a new version, and a new line in its history.
    onSuccess: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: bankAccounts(owner).queryKey }),
        cache.invalidateQueries({ queryKey: owner === own ? ["company"] : ["parties", owner] }),
      ]),
  });
}

async function change(owner: Owner, of: BankAccount | null, values: BankAccountIn | null) {
  if (of === null) return values && (await add(owner, values));
  const account = { bank_account_id: of.id };
  const theirs = { params: { path: { party_id: owner, ...account } }, ...ifMatch(of) };
  const ours = { params: { path: account }, ...ifMatch(of) };
  if (values === null)
    return owner === own
      ? await ask(client.DELETE("/api/company/bank-accounts/{bank_account_id}", ours))
      : await ask(client.DELETE("/api/parties/{party_id}/bank-accounts/{bank_account_id}", theirs));
  const { holder, bank_name, bic, is_main } = values;
  const body = { holder, bank_name, bic, is_main };
  return owner === own
    ? await ask(client.PATCH("/api/company/bank-accounts/{bank_account_id}", { ...ours, body }))
    : await ask(
        client.PATCH("/api/parties/{party_id}/bank-accounts/{bank_account_id}", {
          ...theirs,
          body,
        }),
      );
}

const add = (owner: Owner, body: BankAccountIn) =>
  owner === own
    ? ask(client.POST("/api/company/bank-accounts", { body }))
    : ask(
        client.POST("/api/parties/{party_id}/bank-accounts", {
          params: { path: { party_id: owner } },
          body,
        }),
      );

export const revealIban = (owner: Owner, id: string) =>
  owner === own
    ? ask(
        client.POST("/api/company/bank-accounts/{bank_account_id}/reveal", {
          params: { path: { bank_account_id: id } },
        }),
      )
    : ask(
        client.POST("/api/parties/{party_id}/bank-accounts/{bank_account_id}/reveal", {
          params: { path: { party_id: owner, bank_account_id: id } },
        }),
      );

export const revealPersonalId = (party: string) =>
  ask(client.POST("/api/parties/{party_id}/reveal-id", { params: { path: { party_id: party } } }));
