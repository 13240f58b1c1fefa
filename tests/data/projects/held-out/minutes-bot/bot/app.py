import asyncio
import logging
import tempfile
from pathlib import Path

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.config import Config
from bot.minutes import MinuteTaker
from bot.transcribe import Transcriber

log = logging.getLogger("minutes")


def build(config: Config) -> AsyncApp:
    app = AsyncApp(token=config.slack_bot_token)
    transcriber, taker = Transcriber(config), MinuteTaker(config)

    async def fetch(url: str, path: Path) -> None:
        headers = {"Authorization": f"Bearer {config.slack_bot_token}"}
        async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as response:
            path.write_bytes(await response.read())

    @app.event("file_shared")
    async def on_file(event, client, say):
        file = (await client.files_info(file=event["file_id"]))["file"]
        if not file["mimetype"].startswith(("audio/", "video/")):
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "recording")
            await fetch(file["url_private_download"], path)
            transcript = await asyncio.to_thread(transcriber, path)
        log.info("transcribed %s: %d characters", file["id"], len(transcript))
        await say(channel=event["channel_id"], text=await taker.write(transcript))

    return app


async def main() -> None:
    config = Config.from_env()
    await AsyncSocketModeHandler(build(config), config.slack_app_token).start_async()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    asyncio.run(main())
