"use client";

import { Bell } from "@/features/notifications/Bell";
import { ChatFeed } from "@/features/presence/ChatFeed";
import { Heart } from "@/features/presence/Heart";
import { PresenceFeed } from "@/features/presence/PresenceFeed";

import { Connected } from "./Connected";
import { SessionEnd } from "./SessionEnd";

export { Here } from "@/features/presence/Here";
export { OnPost } from "@/features/presence/OnPost";

/** What is live on every page, whatever it shows. */
export function Ambient() {
  return (
    <Connected>
      <Heart />
      <PresenceFeed />
      <ChatFeed />
      <Bell />
      <SessionEnd />
    </Connected>
  );
}
