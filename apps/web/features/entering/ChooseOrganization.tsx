"use client";

import type { AuthSchemas } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";

import { OrganizationMark } from "@/features/shell/OrganizationMark";

import { FormProblem } from "./FormProblem";

interface Props {
  email: string;
  choices: AuthSchemas["OrganizationChoice"][];
  busy: boolean;
  problem: string;
  choose: (slug: string) => void;
  back: () => void;
}

export function ChooseOrganization({ email, choices, busy, problem, choose, back }: Props) {
  const t = useTranslations("entering");
  return (
    <>
      <h1 className="text-xl font-semibold tracking-[-0.015em]">{t("chooseTitle")}</h1>
      <p className="mt-1.5 mb-5 break-words text-ink-2">{t("chooseLead", { email })}</p>
      <ul aria-busy={busy} className="-mx-2 mb-4">
        {choices.map((each) => (
          <li key={each.slug}>
            <button
              type="button"
              onClick={() => busy || choose(each.slug)}
              className="flex min-h-12 w-full items-center gap-3 rounded-md px-2 text-start hover:bg-hover"
            >
              <OrganizationMark name={each.name} />
              <span className="min-w-0 grow">
                <span className="block truncate font-medium" dir="auto">
                  {each.name}
                </span>
                <span className="block truncate text-xs text-ink-3">{each.slug}</span>
              </span>
              <ChevronRight className="size-4 text-ink-3 rtl:-scale-x-100" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <FormProblem>{problem}</FormProblem>
      <Button look="ghost" className="-ms-[11px]" onClick={back}>
        {t("anotherEmail")}
      </Button>
    </>
  );
}
