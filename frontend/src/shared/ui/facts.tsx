import { type ReactNode } from "react";

import classes from "./facts.module.css";

export type Fact = { label: string; value: ReactNode; wide?: boolean };

/** What is known about a record; what is not known is left out. */
export function Facts({ facts }: { facts: (Fact | false | null)[] }) {
  const known = facts.filter(
    (fact): fact is Fact =>
      !!fact && fact.value !== "" && fact.value !== null && fact.value !== undefined,
  );
  return (
    <dl className={classes.facts}>
      {known.map((fact) => (
        <div key={fact.label} data-wide={fact.wide}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
