import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Menu,
  Modal,
  Select,
  Skeleton,
  Stack,
  Switch,
  TextInput,
  Title,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconCategory,
  IconChevronRight,
  IconDots,
  IconFolder,
  IconPlus,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type DragEvent, type SubmitEvent, type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { EmptyState } from "@/shared/ui/empty-state";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./category-page.module.css";
import { type Placed, placed } from "./names";
import {
  categoryTree,
  useAddCategory,
  useChangeCategory,
  useCloseCategory,
  useMoveCategory,
} from "./queries";

type Asking =
  | { what: "add"; under: Placed | null }
  | { what: "rename"; of: Placed }
  | { what: "move"; of: Placed }
  | { what: "close"; of: Placed };

type Drop = { on: string; where: "before" | "inside" | "after" };

/** The tree of categories: arrows walk, F2 renames, Alt with arrows moves; so does dragging. */
export function CategoryPage() {
  const { t } = useTranslation("catalog");
  const name = useName();
  const can = useCan();
  const navigate = useNavigate();
  const format = useFormat();
  const { data, error, isPending, refetch } = useQuery(categoryTree());
  const waits = useDelayed(isPending);
  const move = useMoveCategory();
  const reopen = useChangeCategory();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string | null>(null);
  const [withInactive, setWithInactive] = useState(false);
  const [dragged, setDragged] = useState<string | null>(null);
  const [drop, setDrop] = useState<Drop | null>(null);
  const tree = useRef<HTMLUListElement>(null);
  usePageTitle(t("categories.title"));
  const mayEdit = can("category:edit");

  const all = placed(data?.items ?? [], name);
  const byId = new Map(all.map((one) => [one.category.id, one]));
  const hidden = (one: Placed): boolean => {
    if (!withInactive && !one.category.is_active) return true;
    const parent = one.parentId === null ? undefined : byId.get(one.parentId);
    return parent !== undefined && (closed.has(parent.category.id) || hidden(parent));
  };
  const shown = all.filter((one) => !hidden(one));
  const hasInactive = all.some((one) => !one.category.is_active);
  const current = shown.find((one) => one.category.id === active) ?? shown[0];

  const focus = (one: Placed | undefined) => {
    if (!one) return;
    setActive(one.category.id);
    tree.current?.querySelector<HTMLElement>(`[data-category="${one.category.id}"]`)?.focus();
  };
  const toggle = (id: string, open: boolean) => {
    setClosed((before) => {
      const after = new Set(before);
      if (open) after.delete(id);
      else after.add(id);
      return after;
    });
  };
  const isInside = (one: Placed, branch: string): boolean =>
    one.category.id === branch ||
    (one.parentId !== null && isInside(byId.get(one.parentId) ?? one, branch));
  const moveTo = (one: Placed, parentId: string | null, position: number) => {
    move.mutate(
      { of: one.category, to: { parent_id: parentId, position } },
      {
        onSuccess: () => {
          if (parentId) toggle(parentId, true);
          setActive(one.category.id);
        },
      },
    );
  };

  const onKey = (event: KeyboardEvent, one: Placed) => {
    if (event.target !== event.currentTarget) return;
    const rtl = document.documentElement.dir === "rtl";
    const forward = rtl ? "ArrowLeft" : "ArrowRight";
    const back = rtl ? "ArrowRight" : "ArrowLeft";
    const at = shown.indexOf(one);
    const { category } = one;
    const isOpen = !closed.has(category.id);
    const hasChildren = one.node.children.length > 0;
    if (event.altKey && mayEdit) {
      if (event.key === "ArrowUp" && one.index > 0) moveTo(one, one.parentId, one.index - 1);
      else if (event.key === "ArrowDown" && one.index < one.siblings - 1)
        moveTo(one, one.parentId, one.index + 1);
      else if (event.key === forward) {
        const before = all.find(
          (other) => other.parentId === one.parentId && other.index === one.index - 1,
        );
        if (before) moveTo(one, before.category.id, before.node.children.length);
      } else if (event.key === back && one.parentId !== null) {
        const parent = byId.get(one.parentId);
        if (parent) moveTo(one, parent.parentId, parent.index + 1);
      } else return;
    } else if (event.key === "ArrowDown") focus(shown[at + 1]);
    else if (event.key === "ArrowUp") focus(shown[at - 1]);
    else if (event.key === "Home") focus(shown[0]);
    else if (event.key === "End") focus(shown.at(-1));
    else if (event.key === forward) {
      if (hasChildren && !isOpen) toggle(category.id, true);
      else if (hasChildren) focus(shown[at + 1]);
    } else if (event.key === back) {
      if (hasChildren && isOpen) toggle(category.id, false);
      else if (one.parentId) focus(byId.get(one.parentId));
    } else if (event.key === "F2" && mayEdit) setAsking({ what: "rename", of: one });
    else if (event.key === "Enter")
      void navigate({ to: "/products", search: { category_id: category.id } });
    else return;
    event.preventDefault();
  };

  const onDragOver = (event: DragEvent, one: Placed) => {
    if (dragged === null || isInside(one, dragged)) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const part = (event.clientY - box.top) / box.height;
    const where = part < 0.25 ? "before" : part > 0.75 ? "after" : "inside";
    if (drop?.on !== one.category.id || drop.where !== where)
      setDrop({ on: one.category.id, where });
  };
  const onDrop = () => {
    const one = dragged === null ? undefined : byId.get(dragged);
    const on = drop ? byId.get(drop.on) : undefined;
    setDragged(null);
    setDrop(null);
    if (!one || !on || !drop) return;
    if (drop.where === "inside") {
      moveTo(one, on.category.id, on.node.children.length);
      return;
    }
    // Taking it out of the same row of siblings moves those behind it up by one.
    const before = one.parentId === on.parentId && one.index < on.index ? 1 : 0;
    moveTo(one, on.parentId, on.index + (drop.where === "after" ? 1 : 0) - before);
  };

  const addButton = can("category:create") && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => {
        setAsking({ what: "add", under: null });
      }}
    >
      {t("categories.add")}
    </Button>
  );

  return (
    <div className="aw-page">
      <Group justify="space-between" mb={16} mih={36}>
        <Title order={1}>{t("categories.title")}</Title>
        <Group gap={16}>
          {hasInactive && (
            <Switch
              label={t("categories.withInactive")}
              checked={withInactive}
              onChange={(event) => {
                setWithInactive(event.currentTarget.checked);
              }}
            />
          )}
          {addButton}
        </Group>
      </Group>
      <Stack gap={16}>
        <Refusal error={move.error ?? reopen.error} />
        <div className="aw-card">
          {error && !data ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : data && all.length === 0 ? (
            <EmptyState icon={IconCategory} title={t("categories.empty")} action={addButton}>
              {t("categories.emptyText")}
            </EmptyState>
          ) : !data ? (
            <div style={{ padding: 16 }} aria-busy>
              {waits && <Skeleton height={160} radius={8} />}
            </div>
          ) : (
            <ul
              ref={tree}
              role="tree"
              aria-label={t("categories.title")}
              className={classes.tree}
              aria-busy={move.isPending}
            >
              {shown.map((one) => {
                const { category, node } = one;
                const open = !closed.has(category.id);
                const hasChildren = node.children.length > 0;
                const isCurrent = one === current;
                return (
                  <li
                    key={category.id}
                    role="treeitem"
                    aria-level={one.depth + 1}
                    aria-setsize={one.siblings}
                    aria-posinset={one.index + 1}
                    aria-expanded={hasChildren ? open : undefined}
                    aria-selected={isCurrent}
                    tabIndex={isCurrent ? 0 : -1}
                    data-category={category.id}
                    data-drop={drop?.on === category.id ? drop.where : undefined}
                    data-inactive={category.is_active ? undefined : true}
                    className={classes.row}
                    style={{ paddingInlineStart: 8 + one.depth * 24 }}
                    draggable={mayEdit}
                    onDragStart={(event) => {
                      event.dataTransfer.effectAllowed = "move";
                      event.dataTransfer.setData("text/plain", name(category));
                      setDragged(category.id);
                    }}
                    onDragEnd={() => {
                      setDragged(null);
                      setDrop(null);
                    }}
                    onDragOver={(event) => {
                      onDragOver(event, one);
                    }}
                    onDrop={(event) => {
                      event.preventDefault();
                      onDrop();
                    }}
                    onFocus={(event) => {
                      if (event.target === event.currentTarget) setActive(category.id);
                    }}
                    onKeyDown={(event) => {
                      onKey(event, one);
                    }}
                  >
                    <span
                      className={classes.twist}
                      data-open={open || undefined}
                      onClick={() => {
                        toggle(category.id, !open);
                      }}
                      aria-hidden
                    >
                      {hasChildren && <IconChevronRight size={16} className="aw-flip" />}
                    </span>
                    <IconFolder size={18} stroke={1.6} aria-hidden className={classes.folder} />
                    <bdi className={classes.name}>{name(category)}</bdi>
                    <OtherName of={category} shown={name(category)} />
                    {!category.is_active && (
                      <Badge variant="light" color="gray" size="sm">
                        {t("status.inactive")}
                      </Badge>
                    )}
                    <Link
                      to="/products"
                      search={{ category_id: category.id }}
                      className={classes.count}
                      tabIndex={isCurrent ? 0 : -1}
                      title={t("categories.own", { count: node.products })}
                    >
                      {t("categories.count", {
                        count: node.branch_products,
                        shown: format.count(node.branch_products),
                      })}
                    </Link>
                    {(mayEdit || can("category:create") || can("category:delete")) && (
                      <Menu position="bottom-end">
                        <Menu.Target>
                          <ActionIcon
                            size={28}
                            tabIndex={isCurrent ? 0 : -1}
                            aria-label={t("categories.actions", { name: name(category) })}
                          >
                            <IconDots size={16} />
                          </ActionIcon>
                        </Menu.Target>
                        <Menu.Dropdown>
                          {can("category:create") && category.is_active && (
                            <Menu.Item
                              onClick={() => {
                                setAsking({ what: "add", under: one });
                              }}
                            >
                              {t("categories.addUnder")}
                            </Menu.Item>
                          )}
                          {mayEdit && (
                            <>
                              <Menu.Item
                                rightSection={<kbd className={classes.key}>F2</kbd>}
                                onClick={() => {
                                  setAsking({ what: "rename", of: one });
                                }}
                              >
                                {t("categories.rename")}
                              </Menu.Item>
                              <Menu.Item
                                onClick={() => {
                                  setAsking({ what: "move", of: one });
                                }}
                              >
                                {t("categories.move")}
                              </Menu.Item>
                              {!category.is_active && (
                                <Menu.Item
                                  onClick={() => {
                                    reopen.mutate({ of: category, values: { is_active: true } });
                                  }}
                                >
                                  {t("products.activate")}
                                </Menu.Item>
                              )}
                            </>
                          )}
                          {can("category:delete") && category.is_active && (
                            <Menu.Item
                              color="red"
                              onClick={() => {
                                setAsking({ what: "close", of: one });
                              }}
                            >
                              {t("products.deactivate")}
                            </Menu.Item>
                          )}
                        </Menu.Dropdown>
                      </Menu>
                    )}
                  </li>
                );
              })}
            </ul>
          )}
        </div>
      </Stack>
      {asking?.what === "add" && (
        <NameDialog
          title={
            asking.under
              ? t("categories.addTitle", { name: name(asking.under.category) })
              : t("categories.add")
          }
          under={asking.under}
          onClose={() => {
            setAsking(null);
          }}
        />
      )}
      {asking?.what === "rename" && (
        <NameDialog
          title={t("categories.renameTitle", { name: name(asking.of.category) })}
          of={asking.of}
          onClose={() => {
            setAsking(null);
          }}
        />
      )}
      {asking?.what === "move" && (
        <MoveDialog
          of={asking.of}
          all={all.filter((one) => one.category.is_active && !isInside(one, asking.of.category.id))}
          onClose={() => {
            setAsking(null);
          }}
        />
      )}
      {asking?.what === "close" && (
        <CloseDialog
          of={asking.of}
          onClose={() => {
            setAsking(null);
          }}
        />
      )}
    </div>
  );
}

/** The name in the language that is not on the screen, where there is one. */
function OtherName({ of, shown }: { of: { name_en: string; name_ar: string }; shown: string }) {
  const other = of.name_en === shown ? of.name_ar : of.name_en;
  if (other === "" || other === shown) return <span className={classes.other} />;
  return (
    <span className={classes.other}>
      <bdi lang={other === of.name_ar ? "ar" : "en"}>{other}</bdi>
    </span>
  );
}

function NameDialog({
  title,
  of,
  under = null,
  onClose,
}: {
  title: string;
  of?: Placed;
  under?: Placed | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("catalog");
  const add = useAddCategory();
  const change = useChangeCategory();
  const [names, setNames] = useState({
    name_en: of?.category.name_en ?? "",
    name_ar: of?.category.name_ar ?? "",
  });
  const error = add.error ?? change.error;
  const at = (pointer: string) =>
    error ? asProblem(error).errors.find((one) => one.pointer === pointer)?.message : undefined;
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const done = { onSuccess: onClose };
    if (of) change.mutate({ of: of.category, values: names }, done);
    else add.mutate({ ...names, parent_id: under?.category.id ?? null }, done);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form noValidate onSubmit={save}>
        <Stack gap={16}>
          <Refusal error={error} />
          {(["name_en", "name_ar"] as const).map((field) => (
            <TextInput
              key={field}
              label={t(`field.${field}`)}
              dir={field === "name_en" ? "ltr" : "rtl"}
              value={names[field]}
              error={at(`/${field}`)}
              onChange={(event) => {
                setNames({ ...names, [field]: event.currentTarget.value });
              }}
            />
          ))}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel", { ns: "common" })}
            </Button>
            <Button type="submit" loading={add.isPending || change.isPending}>
              {t(of ? "action.saveName" : "categories.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const top = "top";

function MoveDialog({ of, all, onClose }: { of: Placed; all: Placed[]; onClose: () => void }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const move = useMoveCategory();
  const [parent, setParent] = useState(of.parentId ?? top);
  const siblings = all.filter((one) => (one.parentId ?? top) === parent);
  const [after, setAfter] = useState<string | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("categories.moveTitle", { name: name(of.category) })}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Refusal error={move.error} />
        <Select
          label={t("categories.moveUnder")}
          data={[
            { value: top, label: t("categories.top") },
            ...all.map((one) => ({ value: one.category.id, label: one.path })),
          ]}
          searchable
          allowDeselect={false}
          value={parent}
          onChange={(value) => {
            setParent(value ?? top);
            setAfter(null);
          }}
        />
        <Select
          label={t("categories.moveAfter")}
          data={[
            { value: top, label: t("categories.first") },
            ...siblings.map((one) => ({ value: one.category.id, label: name(one.category) })),
          ]}
          placeholder={t("categories.last")}
          clearable
          value={after}
          onChange={setAfter}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel", { ns: "common" })}
          </Button>
          <Button
            loading={move.isPending}
            onClick={() => {
              const position =
                after === null
                  ? null
                  : after === top
                    ? 0
                    : siblings.findIndex((one) => one.category.id === after) + 1;
              move.mutate(
                { of: of.category, to: { parent_id: parent === top ? null : parent, position } },
                { onSuccess: onClose },
              );
            }}
          >
            {t("categories.moveHere")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function CloseDialog({ of, onClose }: { of: Placed; onClose: () => void }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const close = useCloseCategory();
  return (
    <ConfirmDanger
      opened
      onClose={onClose}
      title={t("products.deactivateTitle", { sku: name(of.category) })}
      verb={t("products.deactivate")}
      busy={close.isPending}
      error={close.error}
      onConfirm={() => {
        close.mutate(of.category, {
          onSuccess: () => {
            notifications.show({
              message: t("products.deactivated", { sku: name(of.category) }),
            });
            onClose();
          },
        });
      }}
    >
      {t("categories.closeText", { count: of.node.products })}
    </ConfirmDanger>
  );
}
