/** The address is all of it: ChatPage shows the thread. */
export default function Page() {
  return null;
}
