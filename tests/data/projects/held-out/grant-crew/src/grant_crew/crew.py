from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task
from crewai_tools import FileReadTool, ScrapeWebsiteTool, SerperDevTool

from grant_crew.tools.budget import BudgetTool


@CrewBase
class GrantCrew:
    """Finds grants and writes a draft."""

    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def scout(self) -> Agent:
        return Agent(config=self.agents_config["scout"], tools=[SerperDevTool(), ScrapeWebsiteTool()], verbose=True)

    @agent
    def reader(self) -> Agent:
        return Agent(config=self.agents_config["reader"], tools=[ScrapeWebsiteTool()], verbose=True)

    @agent
    def writer(self) -> Agent:
        return Agent(
            config=self.agents_config["writer"],
            tools=[FileReadTool(file_path="museum.md"), BudgetTool()],
            allow_code_execution=True,
            code_execution_mode="unsafe",
        )

    @task
    def find_calls(self) -> Task:
        return Task(config=self.tasks_config["find_calls"])

    @task
    def check_conditions(self) -> Task:
        return Task(config=self.tasks_config["check_conditions"])

    @task
    def write_draft(self) -> Task:
        return Task(config=self.tasks_config["write_draft"], human_input=True)

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential, verbose=True)
