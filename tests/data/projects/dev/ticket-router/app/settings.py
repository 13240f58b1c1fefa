from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    openai_api_key: str = ""
    database_url: str = "sqlite:///./tickets.db"
    draft_model: str = "gpt-4o-mini"
    zero_shot_model: str = "facebook/bart-large-mnli"
    sentiment_model: str = "oliverguhr/german-sentiment-bert"
    max_chars: int = 6000


@lru_cache
def get_settings() -> Settings:
    return Settings()
