#!/usr/bin/env node
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";
import { Notes } from "./notes.js";

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: notes-mcp FOLDER");
  process.exit(2);
}

const notes = new Notes(folder);
const server = new McpServer({ name: "notes", version: "1.2.0" });

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

server.tool("search_notes", "Search all notes for a word", { word: z.string().min(2) }, async ({ word }) =>
  text((await notes.search(word)).join("\n")),
);

server.tool("read_note", "Read one note", { name: z.string() }, async ({ name }) => text(await notes.read(name)));

server.tool("write_note", "Write a note; what was there is kept as a backup", { name: z.string(), body: z.string() }, async ({ name, body }) => {
  await notes.write(name, body);
  return text("written");
});

server.tool("delete_note", "Delete a note for good", { name: z.string() }, async ({ name }) => {
  await notes.remove(name);
  return text("deleted");
});

server.prompt("weekly_review", { week: z.string() }, ({ week }) => ({
  messages: [{ role: "user", content: { type: "text", text: `Read my notes of week ${week} and list what is still open.` } }],
}));

await server.connect(new StdioServerTransport());
