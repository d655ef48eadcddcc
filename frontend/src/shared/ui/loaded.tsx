import { Skeleton } from "@mantine/core";
import { type DefaultError, useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { ErrorState } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";

type Props<Data> = {
  // Each feature has a key of its own shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  query: UseQueryOptions<Data, DefaultError, Data, any>;
  children: (data: Data) => ReactNode;
};

/** The page of one record: its shape while it comes, and what to do when it does not come. */
export function Loaded<Data>({ query, children }: Props<Data>) {
  const { data, error, isPending, refetch } = useQuery(query);
  const waits = useDelayed(isPending);
  if (data !== undefined) return children(data);
  if (error) return <ErrorState page error={error} onRetry={() => void refetch()} />;
  return waits ? <PageShape /> : null;
}

function PageShape() {
  return (
    <div className="aw-page" aria-busy>
      <Skeleton height={14} width={90} mb={16} />
      <Skeleton height={24} width={280} mb={24} />
      <Skeleton height={160} maw={880} radius={12} mb={16} />
      <Skeleton height={260} maw={880} radius={12} />
    </div>
  );
}
