const NAME = "dfworx.tab";
let own: string | undefined;

/** This tab, also after a reload. */
export function tabId(): string {
  own ??= read() ?? crypto.randomUUID();
  try {
    sessionStorage.setItem(NAME, own);
  } catch {
    // Without storage it has another after a reload.
  }
  return own;
}

function read(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}
