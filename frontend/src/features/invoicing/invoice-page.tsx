import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";

import { useCan } from "@/shared/session/session";
import { ErrorState } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";

import { DraftPage } from "./draft-page";
import { invoice, type Invoice } from "./queries";
import { IssuedPage } from "./issued-page";

type Props = {
  /** The payments that answer an invoice, from the feature that knows them. */
  payments?: (of: Invoice) => ReactNode;
};

export function InvoicePage({ payments }: Props) {
  const { invoiceId } = useParams({ from: "/shell/invoices/$invoiceId" });
  const can = useCan();
  // The draft that was begun here keeps its form when it gets an address of its own.
  const [begun, setBegun] = useState<string | null>(null);
  const isNew = invoiceId === "new";
  const { data, error, isPending, refetch } = useQuery({ ...invoice(invoiceId), enabled: !isNew });
  const waits = useDelayed(!isNew && isPending);
  if (isNew || (data?.state === "draft" && data.id === begun))
    return <DraftPage key="new" stored={null} onCreated={setBegun} />;
  if (data?.state === "draft" && can("invoice:edit"))
    return <DraftPage key={data.id} stored={data} onCreated={setBegun} />;
  if (data) return <IssuedPage key={data.id} of={data} payments={payments} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return waits ? <PageSkeleton /> : null;
}

function PageSkeleton() {
  return (
    <div className="aw-page" aria-busy>
      <Skeleton height={14} width={90} mb={16} />
      <Skeleton height={24} width={280} mb={24} />
      <Skeleton height={160} maw={880} radius={12} mb={16} />
      <Skeleton height={280} maw={880} radius={12} />
    </div>
  );
}
