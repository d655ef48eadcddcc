import { RaiseRequisitions } from "@/features/purchasing/raise-requisitions";
import { ReplenishmentBoard } from "@/features/stock/replenishment";
import { useCan } from "@/shared/session/session";

/** What runs low, and the way to have it bought: stock and purchasing meet here. */
export function ReplenishmentPage() {
  const can = useCan();
  return (
    <ReplenishmentBoard {...(can("requisition:create") && { raise: <RaiseRequisitions /> })} />
  );
}
