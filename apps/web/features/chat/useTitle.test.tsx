// @vitest-environment jsdom
import { NextIntlClientProvider } from "next-intl";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";

import english from "@/messages/en.json";

import { useTitle } from "./useTitle";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;

beforeEach(() => {
  document.body.innerHTML = "<div></div>";
  root = createRoot(document.querySelector("div")!);
  serve("Chat");
});

afterEach(() => act(() => root.unmount()));

/** As the server's title arrives: an element of its own. */
function serve(page: string) {
  document.head.innerHTML = `<title>${page} · DFWorX</title>`;
}

function Page({ name }: { name: string | null }) {
  useTitle(name, "Chat");
  return null;
}

const show = (name: string | null) =>
  act(async () =>
    root.render(
      <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
        <Page name={name} />
      </NextIntlClientProvider>,
    ),
  );

test("a thread's name stays though the server's title comes again", async () => {
  await show(null);
  expect(document.title).toBe("Chat · DFWorX");
  await show("Garden");
  expect(document.title).toBe("Garden · DFWorX");
  await act(async () => serve("Chat"));
  expect(document.title).toBe("Garden · DFWorX");
  await show("Kitchen");
  expect(document.title).toBe("Kitchen · DFWorX");
  await show(null);
  expect(document.title).toBe("Chat · DFWorX");
});

test("another page's title is left to it", async () => {
  await show("Garden");
  await act(async () => serve("Posts"));
  expect(document.title).toBe("Posts · DFWorX");
  await act(async () => root.render(null));
  expect(document.title).toBe("Posts · DFWorX");
});
