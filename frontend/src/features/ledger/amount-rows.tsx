import { Link } from "@tanstack/react-router";

import { type Span } from "@/shared/format/spans";
import { useName } from "@/shared/i18n/names";
import { Money } from "@/shared/ui/money";

import { type Schemas } from "@/shared/api/client";

type Props = { rows: Schemas["AmountRowOut"][]; span: Span };

/** Accounts with their amounts, groups above what they contain; each leads to its movements. */
export function AmountRows({ rows, span }: Props) {
  const name = useName();
  return rows.map((row) => (
    <tr key={row.code} data-group={row.is_group || undefined}>
      <td style={{ paddingInlineStart: 16 + row.level * 16 }}>
        <Link to="/reports/general-ledger" search={{ ...span, account: row.code }}>
          <span className="aw-ltr">{row.code}</span> <bdi>{name(row)}</bdi>
        </Link>
      </td>
      <td data-align="end">
        <Money amount={row.amount} />
      </td>
    </tr>
  ));
}
