import OpenAI from "openai";
import pino from "pino";
import { z } from "zod";
import { config } from "./config.js";
import { SYSTEM_PROMPT, imagePrompt } from "./prompts.js";

const log = pino({ name: "recipe" });
const openai = new OpenAI({ apiKey: config.OPENAI_API_KEY });

export const Recipe = z.object({
  title: z.string(),
  servings: z.number(),
  ingredients: z.array(z.string()),
  steps: z.array(z.string()),
});
export type Recipe = z.infer<typeof Recipe>;

export async function findRecipe(fridge: string, allergies: string[]): Promise<Recipe> {
  const completion = await openai.chat.completions.create({
    model: config.CHAT_MODEL,
    response_format: { type: "json_object" },
    messages: [
      { role: "system", content: SYSTEM_PROMPT },
      { role: "user", content: `In the fridge: ${fridge}\nAllergies: ${allergies.join(", ") || "none"}` },
    ],
  });
  log.info({ tokens: completion.usage?.total_tokens }, "recipe written");
  return Recipe.parse(JSON.parse(completion.choices[0]?.message.content ?? "{}"));
}

export async function picture(title: string): Promise<string | undefined> {
  const flagged = await openai.moderations.create({ model: "omni-moderation-latest", input: title });
  if (flagged.results.some((each) => each.flagged)) return undefined;
  const image = await openai.images.generate({ model: config.IMAGE_MODEL, prompt: imagePrompt(title), n: 1, size: "1024x1024" });
  return image.data[0]?.url;
}
