/** What the audit log is kept of, by its dataset. One that isn't here yet is called by the dataset's name. */
export const THINGS = [
  "public.users",
  "public.organizations",
  "app_auth.invitations",
  "app_web.posts",
  "app_web.comments",
  "app_web.categories",
  "app_web.post_editors",
  "app_web.profiles",
  "app_web.flags",
  "shared_services.files",
  "app_admin.admin_settings",
  "app_admin.decisions",
  "app_admin.reports",
] as const;
export type Thing = (typeof THINGS)[number];

type Flat<Name extends string> = Name extends `${infer Schema}.${infer Table}` ? `${Schema}_${Table}` : never;

export function isThing(entity: string): entity is Thing {
  return (THINGS as readonly string[]).includes(entity);
}

/** Dots part the names of messages. */
export function keyOf(thing: Thing): Flat<Thing> {
  return thing.replace(".", "_") as Flat<Thing>;
}
