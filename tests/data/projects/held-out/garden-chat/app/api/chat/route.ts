import { convertToCoreMessages, streamText, type Message } from 'ai'
import { chatModel, fallbackModel } from '@/lib/ai/models'
import { systemPrompt } from '@/lib/ai/prompt'
import { findPlants, putIntoCart } from '@/lib/ai/tools'

export const maxDuration = 30

export async function POST(request: Request) {
  const { messages, customer, calm } = (await request.json()) as { messages: Message[]; customer: any; calm?: boolean }
  console.log('chat', JSON.stringify(messages))

  const result = streamText({
    model: calm ? fallbackModel : chatModel,
    system: systemPrompt(customer),
    messages: convertToCoreMessages(messages),
    tools: { findPlants, putIntoCart },
    maxSteps: 4,
  })
  return result.toDataStreamResponse()
}
