"use client";

import { getMe } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { Button } from "@dfworx/ui/Button";
import { useQuery } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useId, type ReactNode } from "react";

import { useLeaving } from "@/features/shell/AccountMenu";
import { Sheet } from "@/features/shell/Sheet";
import { nameOfLanguage, useLanguage } from "@/features/shell/useLanguage";
import { THEMES, type Theme } from "@/features/theme/theme";
import { useTheme } from "@/features/theme/useTheme";
import { LANGUAGES, type Language } from "@/i18n/languages";

/** You: the phone's way to what the sidebar's account menu has. */
export function AccountPage() {
  const t = useTranslations("shell");
  const { data: me } = useQuery(getMe(useApi()));
  const [theme, setTheme] = useTheme();
  const setLanguage = useLanguage();
  const locale = useLocale();
  const leave = useLeaving();
  return (
    <Sheet title={t("you")}>
      <div className="w-full max-w-160 px-4 py-5 md:px-5">
        {me && (
          <div className="mb-4 flex items-center gap-3">
            <Avatar person={me} size="large" decorative />
            <div className="min-w-0">
              <p className="truncate font-semibold" dir="auto">
                {me.name}
              </p>
              <p className="truncate text-sm text-ink-3" dir="auto">
                {me.email} · {me.organization.name}
              </p>
            </div>
          </div>
        )}
        <Row label={t("theme")}>
          {(id) => (
            <Choice id={id} value={theme} choose={(chosen) => setTheme(chosen as Theme)}>
              {THEMES.map((each) => (
                <option key={each} value={each}>
                  {t(`themes.${each}`)}
                </option>
              ))}
            </Choice>
          )}
        </Row>
        <Row label={t("language")}>
          {(id) => (
            <Choice id={id} value={locale} choose={(chosen) => setLanguage(chosen as Language)}>
              {LANGUAGES.map((each) => (
                <option key={each} value={each}>
                  {nameOfLanguage(each)}
                </option>
              ))}
            </Choice>
          )}
        </Row>
        <div className="border-t border-line pt-4">
          <Button onClick={leave}>
            <LogOut aria-hidden />
            {t("signOut")}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}

function Row({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="flex min-h-14 items-center gap-4 border-t border-line">
      <label htmlFor={id} className="grow font-medium">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

interface ChoiceProps {
  id: string;
  value: string;
  choose: (value: string) => void;
  children: ReactNode;
}

/** The machine's own list: on a phone nothing is easier to use. */
function Choice({ id, value, choose, children }: ChoiceProps) {
  return (
    <select
      id={id}
      value={value}
      onChange={(event) => choose(event.target.value)}
      className="h-(--ctl) rounded-sm border border-field bg-sheet px-2.5 max-md:text-[1rem]"
    >
      {children}
    </select>
  );
}
