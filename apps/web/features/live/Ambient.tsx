"use client";

import { Connected } from "./Connected";

/** What is live on every page, whatever it shows. */
export function Ambient() {
  return (
    <Connected>
      <></>
    </Connected>
  );
}
