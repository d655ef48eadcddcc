import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";

import { difference, isNegative, isZero, total } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";

import { isSome, least } from "./amounts";
import { type Proposal, type Question, suggestion } from "./queries";

/** How much is allocated to which document, as it was typed. */
export type Taken = Readonly<Record<string, string>>;

type Asked = Omit<Question, "party_id" | "amount"> & {
  party_id: string | null;
  /** What there is to allocate; null while nothing readable is typed. */
  amount: string | null;
  /** The one document that the payment is meant for. */
  only?: string | null;
  /** What somebody typed instead of the suggestion. */
  own: Taken | null;
};

/** The open documents of a party, the server's suggestion, and what is left of the amount. */
export function useAllocation({ party_id, kind, side, currency, amount, only, own }: Asked) {
  const wanted = amount ?? "0";
  const [asked] = useDebouncedValue(wanted, 250);
  const about = [party_id, kind, side, currency].join(" ");
  const query = useQuery({
    ...suggestion({ party_id: party_id ?? "", kind, side, currency, amount: asked }),
    enabled: party_id !== null,
    // Another amount moves no row; another party is another list.
    placeholderData: (before, query) =>
      aboutOf(query?.queryKey[2]) === about ? before : undefined,
  });
  const proposals = query.data?.proposals ?? [];
  const values = own ?? suggested(proposals, wanted, only);
  const readable = proposals.map((one) => ({
    document_id: one.document_id,
    amount: values[one.document_id]?.trim() ? parseDecimal(values[one.document_id] ?? "") : "0",
  }));
  const wishes = readable.filter(
    (one): one is { document_id: string; amount: string } =>
      one.amount !== null && !isZero(one.amount),
  );
  const sum = total(["0", ...wishes.map((one) => one.amount)]);
  const left = difference(wanted, sum);
  /** Everything is readable and no more than there is. */
  const isSound =
    readable.every((one) => one.amount !== null && !isNegative(one.amount)) && !isNegative(left);
  /** The suggestion is that for this amount. */
  const isSettled = own !== null || party_id === null || (asked === wanted && !query.isFetching);
  return {
    query,
    proposals,
    values,
    wishes,
    sum,
    left,
    isOwn: own !== null,
    isReady: isSound && isSettled,
    /** Wrong for certain: waiting does not help. */
    isWrong: !isSound && isSettled,
  };
}

export type Allocating = ReturnType<typeof useAllocation>;

function suggested(proposals: readonly Proposal[], amount: string, only?: string | null): Taken {
  if (only) {
    const meant = proposals.find((one) => one.document_id === only);
    return meant && isSome(amount) ? { [only]: least(amount, meant.open_amount) } : {};
  }
  return Object.fromEntries(
    proposals.filter((one) => isSome(one.amount)).map((one) => [one.document_id, one.amount]),
  );
}

const aboutOf = (question: unknown) => {
  if (typeof question !== "object" || question === null) return "";
  const { party_id, kind, side, currency } = question as Question;
  return [party_id, kind, side, currency].join(" ");
};
