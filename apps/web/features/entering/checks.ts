/** What the auth service takes, so that nobody waits for it to hear of a slip. */
export const looksLikeEmail = (value: string) => /^\s*\S+@\S+\s*$/.test(value);
export const isPersonName = (value: string) => value.trim() !== "" && value.trim().length <= 100;
export const isLongEnough = (password: string) => [...password].length >= 8;
