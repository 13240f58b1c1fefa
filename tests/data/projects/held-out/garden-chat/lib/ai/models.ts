import { anthropic } from '@ai-sdk/anthropic'
import { openai } from '@ai-sdk/openai'

export const chatModel = anthropic(process.env.CHAT_MODEL ?? 'claude-3-5-haiku-20241022')
export const fallbackModel = openai('gpt-4o-mini-2024-07-18')
export const embeddingModel = openai.embedding('text-embedding-3-large')
