import cors from "cors";
import express from "express";
import { z } from "zod";
import { config } from "./config.js";
import { findRecipe, picture } from "./recipe.js";

const app = express();
app.use(cors({ origin: ["https://recipes.example.org"] }));
app.use(express.json({ limit: "16kb" }));
app.use(express.static("public"));

const Ask = z.object({ fridge: z.string().max(500), allergies: z.array(z.string().max(40)).max(10).default([]) });

app.post("/api/recipes", async (request, response, next) => {
  try {
    const ask = Ask.parse(request.body);
    const recipe = await findRecipe(ask.fridge, ask.allergies);
    response.json({ ...recipe, picture: await picture(recipe.title) });
  } catch (error) {
    next(error);
  }
});

app.listen(config.PORT, () => console.log(`http://localhost:${config.PORT}`));
