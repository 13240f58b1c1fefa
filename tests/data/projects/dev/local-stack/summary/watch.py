import time
from pathlib import Path

from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

from backends import backend

INSTRUCTIONS = "Summarise the text in at most five sentences. Keep names and figures."
INBOX, OUT = Path("/inbox"), Path("/out")


class Handler(FileSystemEventHandler):
    def __init__(self):
        self.short, self.long = backend("ollama"), backend("vllm")

    def on_created(self, event):
        path = Path(event.src_path)
        if path.suffix != ".txt":
            return
        text = path.read_text(encoding="utf-8", errors="replace")
        chosen = self.long if len(text) > 8000 else self.short
        (OUT / path.name).write_text(chosen.complete(INSTRUCTIONS, text), encoding="utf-8")


if __name__ == "__main__":
    observer = Observer()
    observer.schedule(Handler(), str(INBOX))
    observer.start()
    while True:
        time.sleep(5)
