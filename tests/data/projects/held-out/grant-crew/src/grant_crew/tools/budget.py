from crewai.tools import BaseTool
from pydantic import BaseModel, Field


class BudgetInput(BaseModel):
    formula: str = Field(..., description="Arithmetic with the figures of the budget, such as 1200*12+450")


class BudgetTool(BaseTool):
    name: str = "budget calculator"
    description: str = "Adds up positions of a budget."
    args_schema: type[BaseModel] = BudgetInput

    def _run(self, formula: str) -> str:
        return str(eval(formula))
