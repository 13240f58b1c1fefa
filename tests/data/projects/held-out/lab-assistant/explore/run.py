import os
import sys

import pandas as pd
from smolagents import CodeAgent, DuckDuckGoSearchTool, HfApiModel, Tool


class Measurements(Tool):
    name = "measurements"
    description = "Returns the measurements of a sample as CSV text"
    inputs = {"sample": {"type": "string", "description": "number of the sample"}}
    output_type = "string"

    def forward(self, sample: str) -> str:
        frame = pd.read_csv("explore/measurements.csv")
        return frame[frame["sample"] == sample].to_csv(index=False)


model = HfApiModel("Qwen/Qwen2.5-Coder-32B-Instruct", token=os.environ["HF_TOKEN"])
agent = CodeAgent(
    tools=[Measurements(), DuckDuckGoSearchTool()],
    model=model,
    additional_authorized_imports=["*"],
    max_steps=8,
)

if __name__ == "__main__":
    print(agent.run(" ".join(sys.argv[1:]) or "Which sample drifts most?"))
