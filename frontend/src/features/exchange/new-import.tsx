import { Anchor, Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconFileSpreadsheet, IconUpload } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./exchange.module.css";
import { downloadTemplate, type FileForm, profiles, useUploadImport } from "./queries";
import { Steps } from "./steps";
import { fileSize, useProfileName } from "./words";

const accepted = ".csv,.gz,.xlsx,text/csv,application/gzip";

/** The first step: which file, and what is in it. */
export function NewImport() {
  const { t, i18n } = useTranslation("exchange");
  const format = useFormat();
  const navigate = useNavigate();
  const { data: known } = useQuery(profiles());
  const profileName = useProfileName();
  const [profile, setProfile] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const upload = useUploadImport();
  const template = useMutation({
    mutationFn: ({ key, form }: { key: string; form: FileForm }) => downloadTemplate(key, form),
  });
  usePageTitle(t("new"));
  const chosen = known?.find((one) => one.key === profile);

  const take = (files: FileList | null) => {
    const first = files?.item(0);
    if (!first) return;
    setFile(first);
    upload.reset();
  };
  const send = () => {
    if (!file || upload.isPending) return;
    upload.mutate(
      { file, profile: profile ?? "" },
      {
        onSuccess: (made) =>
          void navigate({ to: "/imports/$importId", params: { importId: made.id }, replace: true }),
      },
    );
  };

  return (
    <DocumentPage
      back={{ link: { to: "/imports" }, label: t("title") }}
      title={t("new")}
      actions={
        <Button onClick={send} loading={upload.isPending} disabled={!file}>
          {t("upload.submit")}
        </Button>
      }
    >
      <Steps now="upload" />
      <Refusal error={upload.error} />
      <Section title={t("upload.file")} description={t("upload.fileText")}>
        <div
          className={classes.drop}
          data-over={over || undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => {
            setOver(false);
          }}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            take(event.dataTransfer.files);
          }}
        >
          <span className={classes.dropIcon} aria-hidden>
            {file ? (
              <IconFileSpreadsheet size={32} stroke={1.4} />
            ) : (
              <IconUpload size={32} stroke={1.4} />
            )}
          </span>
          {file ? (
            <>
              <Text fw={500}>
                <bdi>{file.name}</bdi>
              </Text>
              <Text size="sm" c="dimmed">
                <span className="aw-ltr">{fileSize(file.size, format.quantity)}</span>
              </Text>
            </>
          ) : (
            <Text c="dimmed">{t("upload.drop")}</Text>
          )}
          <Button
            variant="default"
            onClick={() => {
              picker.current?.click();
            }}
          >
            {t(file ? "upload.another" : "upload.choose")}
          </Button>
          <input
            ref={picker}
            type="file"
            hidden
            accept={accepted}
            aria-label={t("upload.choose")}
            onChange={(event) => {
              take(event.currentTarget.files);
              event.currentTarget.value = "";
            }}
          />
        </div>
      </Section>
      <Section title={t("upload.profile")} description={t("upload.profileText")}>
        <Stack gap={12}>
          <Select
            aria-label={t("upload.profile")}
            placeholder={t("upload.guess")}
            clearable
            maw={420}
            value={profile}
            onChange={setProfile}
            data={known?.map((one) => ({ value: one.key, label: profileName(one) })) ?? []}
          />
          {chosen && (
            <>
              <Text size="sm" c="dimmed">
                {i18n.language === "ar" ? chosen.description_ar : chosen.description_en}
              </Text>
              <Group gap={16}>
                <Text size="sm">{t("upload.template")}</Text>
                {(["xlsx", "csv"] as const).map((form) => (
                  <Anchor
                    key={form}
                    component="button"
                    type="button"
                    size="sm"
                    onClick={() => {
                      template.mutate({ key: chosen.key, form });
                    }}
                  >
                    {form.toUpperCase()}
                  </Anchor>
                ))}
              </Group>
              <Refusal error={template.error} />
            </>
          )}
        </Stack>
      </Section>
    </DocumentPage>
  );
}
