/* Where links lead and pictures come from. An address is read as a browser reads it, by URL, never by looking at its
   letters: tabs, backslashes and `//` are how a harmless look hides another site. Only http, https, mailto and this
   site's own paths come out. */
const HERE = "https://here.invalid";
const FILE = /^\/api\/web\/files\/([0-9a-f-]{36})(?:\/content)?$/i;

export type Address =
  | { kind: "local"; href: string }
  | { kind: "external"; href: string; host: string; disguised: boolean }
  | { kind: "mail"; href: string };

/** `base` is the path on this site that relative addresses start from. Null where nobody should be led. */
export function readAddress(written: string, base: string): Address | null {
  let url: URL;
  try {
    url = new URL(written, new URL(base, HERE));
  } catch {
    return null;
  }
  if (url.protocol === "mailto:") return { kind: "mail", href: url.href };
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  if (url.origin !== HERE)
    return { kind: "external", href: url.href, host: url.host, disguised: url.username !== "" || url.password !== "" };
  // What began as /.//other.example is a path only as long as it isn't written down.
  if (url.pathname.startsWith("//") || url.username !== "") return null;
  return { kind: "local", href: url.pathname + url.search + url.hash };
}

/** The signed address of a file of ours, where the page brought one along. */
export function fileAddress(href: string, files: Readonly<Record<string, string>> | undefined): string {
  const fileId = FILE.exec(href)?.[1]?.toLowerCase();
  return (fileId && files && Object.hasOwn(files, fileId) && files[fileId]) || href;
}

/** Whether the words of a link name another host than the one it leads to. */
export function namesAnotherHost(words: string, host: string): boolean {
  const read = words.replace(/[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "").trim();
  const named =
    /^(?:[a-z][a-z0-9+.-]*:\/*)?(?:[^\s/@]*@)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?::\d+)?(?:[/?#]\S*)?$/iu.exec(
      read,
    )?.[1];
  if (!named || FILE_ENDINGS.test(read)) return false;
  try {
    return withoutWww(new URL(`https://${named}`).hostname) !== withoutWww(host.replace(/:\d+$/, ""));
  } catch {
    return true;
  }
}

/* "polynomial-commitments.md" is a file and not a host of Moldova. */
const FILE_ENDINGS = /^[^/:@]*\.(?:md|py|sh|rs|ts|js|go|c|h|cc|cpp|sol|json|txt|html|ya?ml|toml|pdf|png|svg|zip)$/i;

function withoutWww(host: string): string {
  return host.replace(/^www\./, "");
}
