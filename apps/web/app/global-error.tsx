"use client";

import "./globals.css";

/** Only when the outermost layout itself fails: nothing of ours can be relied on here, translations included. */
export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en" data-theme="light">
      <body>
        <main className="grid min-h-dvh place-content-center gap-3 p-8 text-center">
          <h1 className="text-lg font-semibold">This page did not load</h1>
          <p className="text-ink-2">Nothing you wrote is lost.</p>
          <p>
            <button type="button" onClick={reset} className="link">
              Try again
            </button>
          </p>
        </main>
      </body>
    </html>
  );
}
