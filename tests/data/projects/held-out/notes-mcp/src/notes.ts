import fg from "fast-glob";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

export class Notes {
  constructor(private readonly folder: string) {}

  private at(name: string): string {
    const full = path.resolve(this.folder, `${name}.md`);
    if (!full.startsWith(path.resolve(this.folder) + path.sep)) throw new Error("outside of the folder");
    return full;
  }

  async search(word: string): Promise<string[]> {
    const found: string[] = [];
    for (const file of await fg("**/*.md", { cwd: this.folder })) {
      const body = await readFile(path.join(this.folder, file), "utf8");
      if (body.toLowerCase().includes(word.toLowerCase())) found.push(file.replace(/\.md$/, ""));
    }
    return found;
  }

  read(name: string): Promise<string> {
    return readFile(this.at(name), "utf8");
  }

  async write(name: string, body: string): Promise<void> {
    await copyFile(this.at(name), `${this.at(name)}.bak`).catch(() => undefined);
    await writeFile(this.at(name), body, "utf8");
  }

  async remove(name: string): Promise<void> {
    await rm(this.at(name));
  }
}
