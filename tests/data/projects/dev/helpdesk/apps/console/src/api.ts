export interface Reply {
  answer: string;
  sources: string[];
}

export async function ask(question: string): Promise<Reply> {
  const response = await fetch("/api/answers", { method: "POST", body: JSON.stringify({ question }) });
  if (!response.ok) throw new Error(`answers: ${response.status}`);
  return response.json();
}
