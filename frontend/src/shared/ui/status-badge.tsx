import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
} from "@tabler/icons-react";

import classes from "./status-badge.module.css";

export type Tone = "draft" | "good" | "attention" | "bad" | "closed";

const icons = {
  draft: IconCircleDashed,
  good: IconCircleCheck,
  attention: IconAlertTriangle,
  bad: IconCircleX,
  closed: IconCircleMinus,
};

/** A state is a word, an icon and a colour, never the colour alone. */
export function StatusBadge({ tone, children }: { tone: Tone; children: string }) {
  const Icon = icons[tone];
  return (
    <span className={classes.badge} data-tone={tone}>
      <Icon size={14} stroke={2} aria-hidden />
      {children}
    </span>
  );
}
