import { marked } from 'marked'

export function Bubble({ role, text }: { role: string; text: string }) {
  return (
    <div className={`bubble ${role}`}>
      <div dangerouslySetInnerHTML={{ __html: marked.parse(text) as string }} />
    </div>
  )
}
