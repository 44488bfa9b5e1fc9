/** The mark: two sheets, the one in front written on. */
export function Logo() {
  return (
    <svg width="34" height="34" viewBox="0 0 34 34" aria-hidden>
      <rect x="3" y="3" width="19" height="23" rx="4.5" fill="none" stroke="var(--primary)" strokeWidth="2" />
      <rect x="12" y="8" width="19" height="23" rx="4.5" fill="var(--primary)" />
      <path d="M17 15h9M17 19.5h9M17 24h5" stroke="var(--on-primary)" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
