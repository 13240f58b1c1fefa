import "dotenv/config";
import { z } from "zod";

const schema = z.object({
  OPENAI_API_KEY: z.string().min(1),
  CHAT_MODEL: z.string().default("gpt-4.1-mini"),
  IMAGE_MODEL: z.string().default("dall-e-3"),
  PORT: z.coerce.number().default(3000),
});

export const config = schema.parse(process.env);
