import type { Profile } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import { Badge } from "@dfworx/ui/Badge";
import { useTranslations } from "next-intl";

import { Markdown } from "@/features/markdown";
import { Sheet } from "@/features/shell/Sheet";

import { EditProfileLink } from "./EditProfileLink";
import { PersonPosts } from "./PersonPosts";
import { PersonTimes } from "./PersonTimes";

/** Somebody of the organization and what they published. Their words about themselves are rendered on the server. */
export function PersonPage({ profile }: { profile: Profile }) {
  const t = useTranslations("people");
  const roles = useTranslations("settings.roles");
  return (
    <Sheet
      isTrail
      title={<span className="text-ink-3">{t("title")}</span>}
      actions={<EditProfileLink userId={profile.user_id} />}
    >
      <div className="px-4 pt-6 pb-5 md:px-8">
        <div className="flex items-start gap-4">
          <Avatar person={profile} size="large" decorative className="size-14! text-lg!" />
          <div className="min-w-0">
            <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <h1 className="text-xl font-semibold tracking-[-0.01em] wrap-anywhere" dir="auto">
                {profile.name}
              </h1>
              {profile.role !== "member" && <Badge>{roles(profile.role)}</Badge>}
              {!profile.is_active && <Badge tone="warning">{t("left")}</Badge>}
            </div>
            {profile.title && (
              <p className="mt-0.5 wrap-anywhere text-ink-2" dir="auto">
                {profile.title}
              </p>
            )}
            <PersonTimes timezone={profile.timezone} joinedAt={profile.joined_at} />
          </div>
        </div>
        {profile.bio.trim() && (
          <div className="mt-6 max-w-prose">
            <h2 className="sr-only">{t("about")}</h2>
            <Markdown source={profile.bio} />
          </div>
        )}
      </div>
      <PersonPosts userId={profile.user_id} name={profile.name} />
    </Sheet>
  );
}
