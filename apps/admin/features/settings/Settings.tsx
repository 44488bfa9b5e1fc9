"use client";

import { listSettings, updateSetting, type AdminShapes } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import { NothingFound } from "@dfworx/ui/State";
import { useToast } from "@dfworx/ui/Toast";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useState, type SyntheticEvent } from "react";

import { Asked } from "@/features/shell/Asked";
import { Page } from "@/features/shell/Page";
import { SearchField } from "@/features/shell/SearchField";
import { useTyped } from "@/features/shell/useTyped";

import { choicesOf, formOf, fromField, toField } from "./typed";

type Setting = AdminShapes["Setting"];

export function Settings() {
  const t = useTranslations("settings");
  const [typed, setTyped, words] = useTyped();
  // Those that stay while others are looked for keep what is written in them.
  const settings = useQuery({ ...listSettings(useApi(), words), placeholderData: keepPreviousData });
  return (
    <Page title={t("title")} actions={<SearchField label={t("search")} value={typed} onType={setTyped} />}>
      <Asked query={settings}>
        {({ items }) =>
          items.length === 0 ? (
            <NothingFound title={t("noneTitle")}>{t("none")}</NothingFound>
          ) : (
            <ul className="flex max-w-180 flex-col gap-3">
              {items.map((setting) => (
                // Changed meanwhile, it is another one to write into.
                <One key={`${setting.key} ${setting.version}`} setting={setting} />
              ))}
            </ul>
          )
        }
      </Asked>
    </Page>
  );
}

const FIELD = "w-full rounded-sm border border-field bg-sheet px-2.5 py-1.5 text-base focus-visible:border-ring";

function One({ setting }: { setting: Setting }) {
  const t = useTranslations("settings");
  const tell = useToast();
  const cached = useQueryClient();
  const id = useId();
  const form = formOf(setting);
  const [written, write] = useState(toField(setting.value));
  const saving = useMutation({
    ...updateSetting(useApi()),
    onSuccess: () => tell(t("saved")),
    onSettled: () => cached.invalidateQueries({ queryKey: ["admin", "settings"] }),
  });
  const send = (value: unknown) => saving.mutate({ key: setting.key, change: { value, version: setting.version } });
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    send(fromField(form, written));
  };
  const shared = {
    id,
    value: written,
    "aria-describedby": `${id}-help`,
    "aria-invalid": saving.error ? (true as const) : undefined,
    className: FIELD,
  };
  return (
    <li className="rounded-md border border-line p-4">
      <form onSubmit={onSubmit} className="flex flex-col gap-2">
        <div className="flex items-center gap-2">
          <label htmlFor={id} className="font-mono text-sm font-medium">
            {setting.key}
          </label>
          {setting.is_default && <Badge>{t("default")}</Badge>}
        </div>
        <p id={`${id}-help`} className="text-sm text-ink-2">
          {setting.description}
        </p>
        {form === "choice" ? (
          <select {...shared} onChange={(event) => write(event.target.value)}>
            {choicesOf(setting).map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        ) : form === "list" ? (
          <textarea {...shared} rows={3} onChange={(event) => write(event.target.value)} />
        ) : (
          <input
            {...shared}
            inputMode={form === "number" ? "numeric" : "text"}
            onChange={(event) => write(event.target.value)}
          />
        )}
        {saving.error && (
          <p role="alert" className="text-sm text-danger">
            {saving.error.message}
          </p>
        )}
        <div className="flex gap-2">
          <Button
            type="submit"
            look="primary"
            busy={saving.isPending && t("saving")}
            disabled={written === toField(setting.value)}
          >
            {t("save")}
          </Button>
          {!setting.is_default && <Button onClick={() => send(null)}>{t("toDefault")}</Button>}
        </div>
      </form>
    </li>
  );
}
