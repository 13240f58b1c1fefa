"""Answer an inference request: the steps, in their order."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from tetrapylon.gateway.exchange import Exchange, receipt
from tetrapylon.gateway.infer.reader import Tensor
from tetrapylon.gateway.ports import Verdict
from tetrapylon.gateway.readers import Reader, Withdrawn
from tetrapylon.gateway.refusal import JSON, RefusedRequestError, Reply

_OK = 200


class Wanted(Struct, forbid_unknown_fields=True):
    """An output that is asked for."""

    name: str
    parameters: dict[str, bool] | None = None


class InferRequest(Struct, forbid_unknown_fields=True):
    """An inference request."""

    inputs: list[Tensor]
    outputs: list[Wanted] | None = None
    id: str | None = None
    parameters: dict[str, bool] | None = None


_DECODER = msgspec.json.Decoder(InferRequest)


def reader_of(exchange: Exchange, model: str) -> tuple[str, Reader]:
    """Return who answers for the model, once the caller was found to be allowed to ask it.

    Raises:
        RefusedRequestError: there is none, it is closed or withdrawn, or it was not granted.
    """
    readers = exchange.wired.readers
    if model not in readers:
        raise RefusedRequestError(404, "model_not_found", f"the model `{model[:64]}` does not exist")
    exchange.model = model
    exchange.check_open(f"infer:{model}")
    exchange.authorise("infer", model)
    found = readers.pick(model)
    if isinstance(found, Withdrawn):
        said = f"`{model}` was withdrawn: {found.why}"
        raise RefusedRequestError(503, "model_withdrawn", said, headers=(("retry-after", "60"),), journalled=True)
    return found


async def infer(exchange: Exchange, model: str, body: bytes) -> Reply:
    """Answer an inference request.

    Raises:
        RefusedRequestError, StorageError: nothing is answered.
    """
    await exchange.wired.readers.refresh(model)
    served_by, reader = reader_of(exchange, model)
    try:
        request = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedRequestError(400, "invalid_request", f"the request is not understood: {str(error)[:300]}") from error
    if request.id is not None and exchange.text_in(request.id, "id") != request.id:
        raise RefusedRequestError(400, "content_filter", "the id holds what must not go in", journalled=True)
    feeds = reader.feeds(request.inputs)
    for image in reader.images(request.inputs, feeds):
        if exchange.stop_in(exchange.wired.guards.image(image, model=model), "inputs") is Verdict.REDACT:
            raise RefusedRequestError(400, "content_filter", "a picture cannot be redacted, so it is refused", journalled=True)
    sealed = await exchange.record("request", body)
    exchange.served_by = served_by
    turn = exchange.wired.readers.turn(model, served_by)
    if turn is not None:
        await exchange.turned(turn)
    outputs = await reader.run(feeds)
    wanted = None if request.outputs is None else {each.name for each in request.outputs}
    if wanted is not None and not wanted <= {each["name"] for each in outputs}:
        said = "only these outputs are given: " + ", ".join(each["name"] for each in outputs)
        raise RefusedRequestError(400, "output_withheld", said, journalled=True)
    chosen = [each for each in outputs if wanted is None or each["name"] in wanted]
    answer = msgspec.json.encode({"model_name": model, **({"id": request.id} if request.id else {}), "outputs": chosen})
    kept = await exchange.record("answer", answer, request=receipt(sealed))
    return Reply(_OK, answer, (JSON, *exchange.receipts(receipt(sealed), receipt(kept))))
