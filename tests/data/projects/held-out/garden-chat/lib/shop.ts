import 'server-only'

const SHOP = process.env.SHOP_URL ?? 'https://shop.nursery.example'

export async function searchPlants(query: string, filter: { zone?: string; maxPrice?: number }) {
  const url = new URL('/api/plants', SHOP)
  url.searchParams.set('q', query)
  if (filter.zone) url.searchParams.set('zone', filter.zone)
  if (filter.maxPrice) url.searchParams.set('max', String(filter.maxPrice))
  const response = await fetch(url, { next: { revalidate: 300 } })
  return response.json()
}

export async function addToCart(sku: string, amount: number) {
  const response = await fetch(new URL('/api/cart', SHOP), { method: 'POST', body: JSON.stringify({ sku, amount }) })
  return { ok: response.ok }
}
