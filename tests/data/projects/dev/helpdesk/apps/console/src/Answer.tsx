import { useState } from "react";
import Markdown from "react-markdown";
import { ask, type Reply } from "./api";

export function Answer() {
  const [question, setQuestion] = useState("");
  const [reply, setReply] = useState<Reply | null>(null);
  return (
    <section>
      <input value={question} onChange={(event) => setQuestion(event.target.value)} />
      <button onClick={async () => setReply(await ask(question))}>Ask</button>
      {reply && (
        <>
          <Markdown>{reply.answer}</Markdown>
          <footer>{reply.sources.join(" · ")}</footer>
        </>
      )}
    </section>
  );
}
