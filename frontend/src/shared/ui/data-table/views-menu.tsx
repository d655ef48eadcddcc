import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Stack, TextInput } from "@mantine/core";
import {
  IconBookmark,
  IconBookmarkPlus,
  IconCheck,
  IconDeviceFloppy,
  IconStar,
  IconStarFilled,
  IconTrash,
  IconUsers,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Refusal } from "@/shared/ui/error-state";

import { type SavedView, type ViewStore } from "./views";

type Props = {
  iconOnly: boolean;
  store: ViewStore;
  current: string;
  onApply: (search: string) => void;
};

export function ViewsMenu({ iconOnly, store, current, onApply }: Props) {
  const { t } = useTranslation();
  const [saving, setSaving] = useState(false);
  const active = store.views.find((view) => view.search === current);
  const change = useMutation({
    mutationFn: (view: SavedView) => store.change(view.id, { isDefault: !view.isDefault }),
  });
  const remove = useMutation({ mutationFn: (view: SavedView) => store.remove(view.id) });

  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconBookmark size={16} aria-hidden />}
            aria-label={active?.name ?? t("views.title")}
            {...(iconOnly ? { px: 10, styles: { section: { marginInlineEnd: 0 } } } : {})}
          >
            {!iconOnly && (active?.name ?? t("views.title"))}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t("views.title")}</Menu.Label>
          <Menu.Item
            leftSection={current === "" ? <IconCheck size={16} /> : <span style={{ width: 16 }} />}
            onClick={() => {
              onApply("");
            }}
          >
            {t("views.everything")}
          </Menu.Item>
          {store.views.map((view) => (
            <Group key={view.id} gap={0} wrap="nowrap">
              <Menu.Item
                flex={1}
                leftSection={
                  view === active ? <IconCheck size={16} /> : <span style={{ width: 16 }} />
                }
                rightSection={
                  view.isShared && <IconUsers size={14} aria-label={t("views.shared")} />
                }
                onClick={() => {
                  onApply(view.search);
                }}
              >
                {view.name}
              </Menu.Item>
              {view.isMine && (
                <>
                  <ActionIcon
                    size={28}
                    aria-label={t(view.isDefault ? "views.notDefault" : "views.makeDefault", {
                      name: view.name,
                    })}
                    onClick={() => {
                      change.mutate(view);
                    }}
                  >
                    {view.isDefault ? <IconStarFilled size={14} /> : <IconStar size={14} />}
                  </ActionIcon>
                  <ActionIcon
                    size={28}
                    aria-label={t("views.remove", { name: view.name })}
                    onClick={() => {
                      remove.mutate(view);
                    }}
                  >
                    <IconTrash size={14} />
                  </ActionIcon>
                </>
              )}
            </Group>
          ))}
          <Menu.Divider />
          {active?.isMine === false || !active ? (
            <Menu.Item
              leftSection={<IconBookmarkPlus size={16} />}
              disabled={current === ""}
              onClick={() => {
                setSaving(true);
              }}
            >
              {t("views.save")}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <SaveView
        opened={saving}
        onClose={() => {
          setSaving(false);
        }}
        store={store}
        search={current}
      />
    </>
  );
}

function SaveView(props: {
  opened: boolean;
  onClose: () => void;
  store: ViewStore;
  search: string;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  const [isDefault, setDefault] = useState(false);
  const save = useMutation({
    mutationFn: () =>
      props.store.save({ name: name.trim(), search: props.search, isShared, isDefault }),
    onSuccess: () => {
      setName("");
      props.onClose();
    },
  });
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t("views.save")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate();
        }}
      >
        <Stack gap={16}>
          <TextInput
            label={t("views.name")}
            value={name}
            data-autofocus
            required
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <Checkbox
            label={t("views.openFirst")}
            checked={isDefault}
            onChange={(event) => {
              setDefault(event.currentTarget.checked);
            }}
          />
          <Checkbox
            label={t("views.share")}
            checked={isShared}
            onChange={(event) => {
              setShared(event.currentTarget.checked);
            }}
          />
          <Refusal error={save.error} />
          <Group justify="flex-end">
            <Button
              type="submit"
              loading={save.isPending}
              leftSection={<IconDeviceFloppy size={16} />}
              disabled={name.trim() === ""}
            >
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
