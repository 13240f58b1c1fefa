import lightgbm as lgb
import mlflow
import xgboost as xgb
from mlflow.models import infer_signature

from ranker.features import COLUMNS, read

MODEL_NAME = "shop-ranker"


def split(frame):
    sessions = frame["session"].unique()
    cut = int(len(sessions) * 0.9)
    early = set(sessions[:cut])
    mask = frame["session"].isin(early)
    return frame[mask], frame[~mask]


def groups(frame):
    return frame.groupby("session", sort=False).size().to_numpy()


def main():
    mlflow.set_tracking_uri("http://localhost:5000")
    mlflow.set_experiment("ranker")
    train, valid = split(read())
    with mlflow.start_run():
        mlflow.lightgbm.autolog(log_models=False)
        dataset = lgb.Dataset(train[COLUMNS], train["clicked"], group=groups(train))
        check = lgb.Dataset(valid[COLUMNS], valid["clicked"], group=groups(valid), reference=dataset)
        booster = lgb.train(
            {"objective": "lambdarank", "metric": "ndcg", "eval_at": [10], "learning_rate": 0.05},
            dataset,
            num_boost_round=600,
            valid_sets=[check],
            callbacks=[lgb.early_stopping(30)],
        )
        booster.save_model("artefacts/ranker.txt")
        mlflow.lightgbm.log_model(
            booster, "model", registered_model_name=MODEL_NAME, signature=infer_signature(valid[COLUMNS], booster.predict(valid[COLUMNS]))
        )

        challenger = xgb.XGBRanker(objective="rank:ndcg", n_estimators=400)
        challenger.fit(train[COLUMNS], train["clicked"], group=groups(train))
        challenger.save_model("artefacts/challenger.ubj")


if __name__ == "__main__":
    main()
