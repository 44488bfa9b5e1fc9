/** A short name from an organization's name, as the auth service takes it: a to z, digits, single hyphens, 50 at most. */
export function suggestSlug(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 50)
    .replace(/^-+|-+$/g, "");
}

export function isSlug(slug: string): boolean {
  return slug.length >= 2 && slug.length <= 50 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug);
}
