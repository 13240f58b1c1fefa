import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    slack_bot_token: str
    slack_app_token: str
    mistral_key: str
    whisper: str = "Systran/faster-whisper-large-v3"
    whisper_revision: str = "edaa852ec7e145841d8ffdb056a99866b5f0a478"
    minutes_model: str = "mistral-large-2411"
    device: str = "cpu"

    @classmethod
    def from_env(cls) -> "Config":
        env = os.environ
        return cls(
            slack_bot_token=env["SLACK_BOT_TOKEN"],
            slack_app_token=env["SLACK_APP_TOKEN"],
            mistral_key=env["MISTRAL_API_KEY"],
            device=env.get("DEVICE", "cpu"),
        )
