import { Anchor, Group, Title } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import { type ReactNode } from "react";

import classes from "./document-page.module.css";

type Props = {
  /** The list this document belongs to. */
  back: { link: LinkProps; label: string };
  title: string;
  subtitle?: ReactNode;
  status?: ReactNode;
  /** The next thing to do comes first; the rest follows. */
  actions?: ReactNode;
  children: ReactNode;
  /** History, comments, related documents. */
  timeline?: ReactNode;
};

export function DocumentPage({
  back,
  title,
  subtitle,
  status,
  actions,
  children,
  timeline,
}: Props) {
  return (
    <div className="aw-page">
      <Anchor
        renderRoot={(props) => <Link {...back.link} {...props} />}
        className={classes.back}
        underline="never"
      >
        <IconChevronLeft size={16} className="aw-flip" aria-hidden />
        {back.label}
      </Anchor>
      <header className={classes.header}>
        <div className={classes.titles}>
          <Group gap={8}>
            <Title order={1} className={classes.title}>
              {title}
            </Title>
            {status}
          </Group>
          {subtitle && <div className={classes.subtitle}>{subtitle}</div>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      <div className={classes.body} data-timeline={timeline ? true : undefined}>
        <div className={classes.sections}>{children}</div>
        {timeline && <aside className={classes.timeline}>{timeline}</aside>}
      </div>
    </div>
  );
}

/** One titled part of a document. */
export function Section({
  title,
  description,
  children,
}: {
  title: string;
  description?: string;
  children: ReactNode;
}) {
  return (
    <section className={`aw-card ${classes.section ?? ""}`} aria-label={title}>
      <div className={classes.sectionHead}>
        <Title order={2}>{title}</Title>
        {description && <p>{description}</p>}
      </div>
      {children}
    </section>
  );
}
