import { tool } from 'ai'
import { z } from 'zod'
import { addToCart, searchPlants } from '@/lib/shop'

export const findPlants = tool({
  description: 'Find plants in the range of the nursery',
  parameters: z.object({
    query: z.string().describe('what is looked for'),
    zone: z.string().optional(),
    maxPrice: z.number().optional(),
  }),
  execute: async ({ query, zone, maxPrice }) => searchPlants(query, { zone, maxPrice }),
})

export const putIntoCart = tool({
  description: 'Put a plant into the cart; the customer still has to check out',
  parameters: z.object({ sku: z.string(), amount: z.number().int().min(1).max(50) }),
  execute: async ({ sku, amount }) => addToCart(sku, amount),
})
