/** Leads to the thread that was open last: ChatPage. */
export default function Page() {
  return null;
}
