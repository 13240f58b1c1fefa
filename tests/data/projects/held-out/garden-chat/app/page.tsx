'use client'

import { useChat } from '@ai-sdk/react'
import { Bubble } from '@/components/bubble'

export default function Page() {
  const { messages, input, handleInputChange, handleSubmit, isLoading } = useChat({
    body: { customer: { name: 'guest', climateZone: '7b', notes: '' } },
  })
  return (
    <main>
      {messages.map((message) => (
        <Bubble key={message.id} role={message.role} text={message.content} />
      ))}
      <form onSubmit={handleSubmit}>
        <input value={input} onChange={handleInputChange} disabled={isLoading} placeholder="What grows in the shade?" />
      </form>
    </main>
  )
}
