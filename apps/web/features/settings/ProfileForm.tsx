"use client";

import { ApiProblem, type Me } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import { Button } from "@dfworx/ui/Button";
import { Field, Input, Textarea } from "@dfworx/ui/Field";
import { Select } from "@dfworx/ui/Select";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useState, type SyntheticEvent } from "react";

import { isPersonName } from "@/features/entering/checks";
import { useForm } from "@/features/entering/form";
import { FormProblem } from "@/features/entering/FormProblem";
import { useProblemText } from "@/features/entering/useProblemText";

import { SavedLine } from "./SavedLine";
import { useSaved } from "./useSaved";
import { useSaveProfile, type ProfileValues } from "./useSaveProfile";
import { timezones } from "./timezones";

type Name = keyof ProfileValues;
const LONGEST = { title: 100, bio: 5000 };

/** `values` are what is saved; what is typed stays until it is saved too, also when the saved changes elsewhere. */
export function ProfileForm({ me, values }: { me: Me; values: ProfileValues }) {
  const t = useTranslations("settings.profile");
  const settings = useTranslations("settings");
  const entering = useTranslations("entering");
  const textOf = useProblemText();
  const [problem, setProblem] = useState("");
  const { standing, saved, rest } = useSaved();
  const form = useForm<Name>({ ...values }, (name, value) => {
    if (name === "name") return isPersonName(value) ? undefined : entering("writeName");
    if (name === "title") return [...value.trim()].length <= LONGEST.title ? undefined : t("shorterTitle");
    if (name === "bio") return [...value].length <= LONGEST.bio ? undefined : t("shorterBio");
    return undefined;
  });
  const { busy, save } = useSaveProfile(values);
  const isChanged = (Object.keys(values) as Name[]).some((name) => form.values[name] !== values[name]);
  useWarnBeforeLeaving(isChanged);

  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy || !form.settle(event.currentTarget)) return;
    setProblem("");
    rest();
    try {
      await save(form.values);
      // As the services keep them.
      form.set("name", form.values.name.trim().normalize("NFC"));
      form.set("title", form.values.title.trim());
      saved();
    } catch (error) {
      const refused = error instanceof ApiProblem ? error.fields : {};
      form.refuse(refused as Partial<Record<Name, string>>);
      if (!Object.keys(refused).some((field) => field in values)) setProblem(textOf(error));
    }
  };
  const bind = form.bind("timezone");
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="max-w-128 space-y-5">
      <div className="flex items-center gap-3">
        <Avatar person={{ ...me, name: form.values.name }} size="large" decorative />
        <div className="min-w-0 text-sm">
          <p className="truncate text-ink-2">{me.email}</p>
          <Link className="link" href={`/people/${me.user_id}`}>
            {t("asOthers")}
          </Link>
        </div>
      </div>
      <Field
        label={t("name")}
        help={t("nameHelp", { organization: me.organization.name })}
        error={form.errorOf("name")}
      >
        {(control) => <Input {...control} {...form.bind("name")} autoComplete="name" dir="auto" />}
      </Field>
      <Field label={t("jobTitle")} help={t("jobTitleHelp")} error={form.errorOf("title")}>
        {(control) => (
          <Input
            {...control}
            {...form.bind("title")}
            autoComplete="organization-title"
            dir="auto"
            placeholder={t("jobTitleExample")}
          />
        )}
      </Field>
      <Field label={t("about")} help={t("aboutHelp")} error={form.errorOf("bio")}>
        {(control) => (
          <Textarea {...control} {...form.bind("bio")} rows={6} dir="auto" placeholder={t("aboutExample")} />
        )}
      </Field>
      <Field label={t("timezone")} help={t("timezoneHelp")} error={form.errorOf("timezone")}>
        {(control) => (
          <Select {...control} name={bind.name} value={bind.value} onChange={bind.onChange} className="w-full">
            <option value="">{t("noTimezone")}</option>
            {timezones(values.timezone).map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <FormProblem>{problem}</FormProblem>
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" busy={busy && settings("saving")}>
          {settings("save")}
        </Button>
        <SavedLine standing={isChanged ? { step: "rest" } : standing} />
        {isChanged && !busy && <span className="text-xs text-ink-3">{settings("unsaved")}</span>}
      </div>
    </form>
  );
}

function useWarnBeforeLeaving(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isChanged]);
}
