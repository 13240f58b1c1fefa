import os


class Config:
    SECRET_KEY = os.environ.get("SECRET_KEY", "dev")
    MODEL_PATH = os.environ.get("MODEL_PATH", "artifacts/scorecard.joblib")
    THRESHOLD = float(os.environ.get("THRESHOLD", "0.35"))
    SQLALCHEMY_DATABASE_URI = "postgresql://score:Wq7-hortensie-31@db.score.example:5432/score"
