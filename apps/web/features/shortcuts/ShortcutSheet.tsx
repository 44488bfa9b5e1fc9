"use client";

import { Button, Key } from "@dfworx/ui/Button";
import { Checkbox } from "@dfworx/ui/Checkbox";
import { Dialog } from "@dfworx/ui/Dialog";
import { useTranslations } from "next-intl";

import { BINDINGS, type Binding } from "./bindings";
import { useIsApple, useLetters } from "./letters";

const GROUPS = ["everywhere", "lists", "post", "inbox"] as const;

/** All keys that do something, and the switch for the single letters among them. */
export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("finding.shortcuts");
  const [letters, setLetters] = useLetters();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title")}
      wide
      actions={<Button onClick={() => onOpenChange(false)}>{t("close")}</Button>}
    >
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        <Group name="everywhere" />
        <div className="space-y-5">
          {GROUPS.slice(1).map((name) => (
            <Group key={name} name={name} />
          ))}
        </div>
      </div>
      <div className="mt-5 border-t border-line pt-4">
        <Checkbox label={t("letters")} checked={letters} onChange={setLetters} />
        <p className="mt-1 ps-6 text-sm text-ink-3">{t("lettersHelp")}</p>
      </div>
    </Dialog>
  );
}

function Group({ name }: { name: (typeof GROUPS)[number] }) {
  const t = useTranslations("finding.shortcuts");
  return (
    <section>
      <h3 className="mb-1 text-xs font-medium text-ink-3">{t(name)}</h3>
      <dl>
        {BINDINGS[name].map((binding) => (
          <div key={binding.deed} className="flex min-h-8 items-center gap-3 border-b border-line last:border-0">
            <dt className="grow text-sm">{t(`deeds.${binding.deed}`)}</dt>
            <dd>
              <Keys binding={binding} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Key caps, said as they are pressed. Here they are what is read, so a touch screen has them too. */
export function Keys({ binding }: { binding: Binding }) {
  const t = useTranslations("finding.shortcuts");
  const modifier = useIsApple() ? "⌘" : "Ctrl";
  return (
    <span className="flex items-center gap-1 text-xs text-ink-3 [&_kbd]:block!">
      {binding.keys.map((key, at) => (
        <span key={key} className="flex items-center gap-1">
          {at > 0 && binding.joined !== "with" && <span>{t(binding.joined)}</span>}
          <Key>{key === "mod" ? modifier : key}</Key>
        </span>
      ))}
    </span>
  );
}
