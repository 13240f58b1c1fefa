from dataclasses import dataclass, field

import vertexai
from vertexai.generative_models import FunctionDeclaration, GenerativeModel, Part, Tool
from vertexai.preview.vision_models import ImageGenerationModel

from places import distance_km, find_place

find_place_declaration = FunctionDeclaration(
    name="find_place",
    description="Find a place by its name",
    parameters={"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
)
distance_declaration = FunctionDeclaration(
    name="distance_km",
    description="Distance between two places by bicycle",
    parameters={
        "type": "object",
        "properties": {"start": {"type": "string"}, "end": {"type": "string"}},
        "required": ["start", "end"],
    },
)
FUNCTIONS = {"find_place": find_place, "distance_km": distance_km}


@dataclass
class Tour:
    text: str = ""
    stops: list = field(default_factory=list)


class Planner:
    def __init__(self, settings):
        vertexai.init(project=settings["project"], location=settings["location"])
        self.limit = settings["limits"]["max_km"]
        self.model_name = settings["models"]["planner"]
        self.images = ImageGenerationModel.from_pretrained(settings["models"]["picture"])

    def plan(self, wish):
        model = GenerativeModel(
            self.model_name,
            system_instruction=f"You plan bicycle tours of at most {self.limit} km. The guest wishes: {wish}. Give the stops in order.",
            tools=[Tool(function_declarations=[find_place_declaration, distance_declaration])],
        )
        chat = model.start_chat()
        response = chat.send_message("Plan the tour.")
        tour = Tour()
        while calls := response.candidates[0].function_calls:
            parts = []
            for call in calls:
                result = FUNCTIONS[call.name](**dict(call.args))
                if call.name == "find_place":
                    tour.stops.append(result)
                parts.append(Part.from_function_response(call.name, {"content": result}))
            response = chat.send_message(parts)
        tour.text = response.text
        return tour

    def picture(self, tour):
        return self.images.generate_images(prompt=f"Watercolour of a bicycle tour: {tour.text[:300]}", number_of_images=1)[0]
