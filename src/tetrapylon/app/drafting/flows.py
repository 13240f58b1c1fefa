"""How data moves, guessed from what there is: a customer reaches a server or agent, which reaches models, tools and stores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tetrapylon.app.drafting.part import Part, Ref, Value, found, guessed
from tetrapylon.app.drafting.writing import ACTOR
from tetrapylon.kernel.canonical import Json

CUSTOMER = Part(ACTOR, "actor:customer", "customer", {}, guessed("", "whoever uses it"))
_WHY = "look whether data goes this way"


def flows_of(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the flows between the pieces, and who is at their outer end; nothing where there is nothing to reach."""
    models = [each for each in parts if each.table == "model"]
    tools = [each for each in parts if each.table == "tool"]
    stores = [each for each in parts if each.table == "store"]
    front = next((each for each in parts if each.key.startswith(("service:server:", "service:agent:"))), None)
    if front is None and not models:
        return
    yield CUSTOMER
    if front is not None:
        yield _flow(CUSTOMER, front, ["request"], "internet")
    begin = front or CUSTOMER
    for each in models:
        yield _flow(begin, each, ["input"], "supplier" if _is_remote(each) else None)
    for each in (*tools, *stores) if front is not None else ():
        yield _flow(begin, each, ["arguments" if each.table == "tool" else "query"], None)


def _is_remote(model: Part) -> bool:
    """Return whether a model answers elsewhere; one from a hub is downloaded and runs here."""
    return "endpoint" in model.values and not model.key.startswith("hub:")


def _flow(source: Part, to: Part, carries: list[Json], crosses: str | None) -> Part:
    values: dict[str, Value] = {
        "from": guessed(Ref(source.key), _WHY),
        "to": guessed(Ref(to.key), _WHY),
        "carries": guessed(carries, "name what it is"),
    }
    if crosses is not None:
        values["crosses"] = guessed(crosses, "a boundary of trust")
    return Part("flow", f"flow:{source.key}>{to.key}", f"{source.name} to {to.name}", values, guessed("", _WHY))


def grants_of(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the services with what they seem to need, and the customers as a group with what is offered to them."""
    wanted = [Ref(each.key, "chat:" if _is_remote(each) else "infer:") for each in parts if each.table == "model"]
    tools = [Ref(each.key, "call:") for each in parts if each.table == "tool"]
    stores = [Ref(each.key, "read:") for each in parts if each.table == "store"]
    fronts = [each for each in parts if each.key.startswith(("service:server:", "service:agent:"))]
    for each in fronts:
        may = guessed((*wanted, *tools, *stores), "take out what it does not need")
        yield Part("service", each.key, each.name, {"may": may}, each.origin, each.todos)
    if wanted:
        may = guessed(tuple(wanted), "what is offered to whoever uses it")
        yield Part("group", "group:user", "user", {"may": may}, guessed("", "say which people there are"))


def places_of(parts: Sequence[Part], deployed: str | None) -> Iterator[Part]:
    """Yield the environments: where it is built, and where it runs if something says that it does."""
    held = tuple(Ref(each.key) for each in parts if each.table in {"model", "dataset", "prompt"} and "path" in each.values)
    stage = found("production", deployed) if deployed else guessed("development", "where it is built")
    name = "production" if deployed else "development"
    values = {"stage": stage, "sensitive": guessed(bool(deployed), "whether what it holds is worth an attack")}
    if held:
        values["holds"] = guessed(held, "everything that lies here")
    yield Part("environment", f"environment:{name}", name, values, stage)
