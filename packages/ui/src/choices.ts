/** What a person chose on this device and the server must know before it renders: a cookie each, for a year. */
export function rememberChoice(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${60 * 60 * 24 * 365}; samesite=lax`;
}
