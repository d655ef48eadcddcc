import { Stack, Text, Title } from "@mantine/core";
import { type ComponentType, type ReactNode } from "react";

export type Icon = ComponentType<{ size?: number | string; stroke?: number | string }>;

type Props = {
  icon: Icon;
  title: string;
  children?: ReactNode;
  /** The first step. */
  action?: ReactNode;
  /** It is all that the page has: its title is the page's. */
  page?: boolean;
};

/** Says what would be here and offers the first step. */
export function EmptyState({ icon: Icon, title, children, action, page }: Props) {
  return (
    <Stack align="center" gap={8} py={64} px={24} ta="center">
      <span style={{ color: "var(--aw-muted)", lineHeight: 0, marginBottom: 4 }} aria-hidden>
        <Icon size={36} stroke={1.25} />
      </span>
      <Title order={page ? 1 : 2} size="h2">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" maw={420}>
          {children}
        </Text>
      )}
      {action && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  );
}
