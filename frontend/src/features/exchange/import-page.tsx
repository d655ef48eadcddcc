import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/session/session";
import { MomentText } from "@/shared/ui/date-text";
import { DocumentPage } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { ImportStatus } from "./import-status";
import { Mapping, missing } from "./mapping";
import { ImportProgress } from "./progress";
import {
  importCalled,
  type ImportDetail,
  isBusy,
  profiles,
  useImportVerb,
  useMapImport,
} from "./queries";
import { ImportReport, Stopped } from "./report";
import { type Step, Steps } from "./steps";
import { UndoImport, UndoResult } from "./undo";
import { fileSize, useProfileName } from "./words";

export function ImportPage() {
  const { importId } = useParams({ from: "/shell/imports/$importId" });
  const { data, error, isPending, refetch } = useQuery(importCalled(importId));
  const waits = useDelayed(isPending);
  if (data) return <OneImport key={data.id} of={data} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!waits) return null;
  return (
    <div className="aw-page" aria-busy>
      <Skeleton height={24} width={280} mb={24} />
      <Skeleton height={320} maw={880} radius={12} />
    </div>
  );
}

const stepOf = (of: ImportDetail, columnsAgain: boolean): Step => {
  switch (of.state) {
    case "uploaded":
    case "mapped":
      return "columns";
    case "checking":
      return "check";
    case "checked":
      return columnsAgain ? "columns" : "check";
    case "running":
    case "failed":
    case "cancelled":
      return "import";
    default:
      return "finished";
  }
};

function OneImport({ of }: { of: ImportDetail }) {
  const { t } = useTranslation("exchange");
  const format = useFormat();
  const can = useCan();
  const { step: asked } = useSearch({ from: "/shell/imports/$importId" });
  const { data: known } = useQuery(profiles());
  const profileName = useProfileName();
  const profile = known?.find((one) => one.key === of.profile);
  const [undoing, setUndoing] = useState(false);
  const map = useMapImport(of.id);
  const check = useImportVerb("check");
  const run = useImportVerb("run");
  const cancel = useImportVerb("cancel");
  const busy = check.isPending || run.isPending || cancel.isPending;
  const step = stepOf(of, asked === "columns");
  const mayImport = can("import:create");
  usePageTitle(of.file_name);
  useFreshData(of);

  const written = Object.values(of.run_report?.records ?? {}).some((kinds) =>
    Object.values(kinds).some((count) => count > 0),
  );
  const undoButton = can("import:undo") && written && (
    <Button
      variant="default"
      disabled={busy}
      onClick={() => {
        setUndoing(true);
      }}
    >
      {t("undo.open")}
    </Button>
  );
  const stop = mayImport && (
    <Button
      variant="default"
      loading={cancel.isPending}
      onClick={() => {
        cancel.mutate(of);
      }}
    >
      {t(of.state === "checking" ? "action.stopCheck" : "action.stop")}
    </Button>
  );
  const toRun = (of.check_report?.rows.created ?? 0) + (of.check_report?.rows.changed ?? 0);

  const actions: Partial<Record<ImportDetail["state"], ReactNode>> = {
    checking: stop,
    running: stop,
    checked:
      mayImport &&
      (step === "check" ? (
        <>
          <Button
            loading={run.isPending}
            disabled={toRun === 0}
            title={toRun === 0 ? t("action.nothingToRun") : undefined}
            onClick={() => {
              run.mutate(of);
            }}
          >
            {t("action.run", { count: toRun })}
          </Button>
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link
                to="/imports/$importId"
                params={{ importId: of.id }}
                search={{ step: "columns" }}
                {...props}
              />
            )}
          >
            {t("action.columns")}
          </Button>
        </>
      ) : (
        <Button
          renderRoot={(props) => (
            <Link to="/imports/$importId" params={{ importId: of.id }} search={{}} {...props} />
          )}
        >
          {t("action.report")}
        </Button>
      )),
    done: undoButton,
    cancelled: undoButton,
    failed: (
      <>
        {mayImport && of.undo_report === null && (
          <Button
            loading={run.isPending}
            onClick={() => {
              run.mutate(of);
            }}
          >
            {t("action.goOn")}
          </Button>
        )}
        {undoButton}
      </>
    ),
  };
  const checkButton = mayImport && (
    <Button
      loading={check.isPending || map.isPending}
      disabled={!profile || missing(of, profile).length > 0}
      onClick={() => {
        check.mutate(of);
      }}
    >
      {t("action.check")}
    </Button>
  );

  return (
    <DocumentPage
      back={{ link: { to: "/imports" }, label: t("title") }}
      title={of.file_name}
      status={<ImportStatus state={of.state} />}
      subtitle={
        <>
          {profile && <>{profileName(profile)} · </>}
          <span className="aw-ltr">{fileSize(of.file_size, format.quantity)}</span>
          {" · "}
          <bdi>{of.created_by_name}</bdi> · <MomentText at={of.created_at} />
        </>
      }
      actions={["uploaded", "mapped"].includes(of.state) ? checkButton : actions[of.state]}
    >
      <Steps now={step} />
      <Refusal error={check.error ?? run.error ?? cancel.error} />
      {isBusy(of) && <ImportProgress of={of} />}
      {step === "columns" && <Mapping of={of} map={map} readOnly={!mayImport} />}
      {(of.state === "failed" || of.state === "cancelled") && <Stopped of={of} />}
      {of.state === "checked" && step === "check" && of.check_report && (
        <ImportReport of={of} report={of.check_report} happened={false} />
      )}
      {of.state === "undone" && <UndoResult of={of} />}
      {["done", "failed", "cancelled"].includes(of.state) && of.run_report && (
        <ImportReport of={of} report={of.run_report} happened />
      )}
      <UndoImport
        of={of}
        opened={undoing}
        onClose={() => {
          setUndoing(false);
        }}
      />
    </DocumentPage>
  );
}

/** An import or an undo that has ended has changed what other pages show. */
function useFreshData(of: ImportDetail) {
  const cache = useQueryClient();
  const before = useRef(of.state);
  useEffect(() => {
    const wrote = before.current === "running" || before.current === "undoing";
    if (wrote && !isBusy(of)) {
      void cache.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== "exchange" || queryKey[2] === "list",
      });
    }
    before.current = of.state;
  }, [cache, of]);
}
