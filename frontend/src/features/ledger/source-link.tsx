import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useCan } from "@/shared/session/session";

type Props = { type: string; id: string | null; number: string };

/** The document an entry was posted for. */
export function SourceLink({ type, id, number }: Props) {
  const can = useCan();
  if (!number) return null;
  const text = <span className="aw-ltr">{number}</span>;
  if (type !== "invoicing.invoice" || !id || !can("invoice:read")) return text;
  return (
    <Anchor
      inherit
      renderRoot={(props) => (
        <Link to="/invoices/$invoiceId" params={{ invoiceId: id }} {...props} />
      )}
    >
      {text}
    </Anchor>
  );
}
